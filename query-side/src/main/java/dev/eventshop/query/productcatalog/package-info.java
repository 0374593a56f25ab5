/** The products as they are, and how their stock became what it is. */
@NullMarked
package dev.eventshop.query.productcatalog;

import org.jspecify.annotations.NullMarked;
