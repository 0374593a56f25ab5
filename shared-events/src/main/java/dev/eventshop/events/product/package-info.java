/** The facts of a product's life, and its id. */
@NullMarked
package dev.eventshop.events.product;

import org.jspecify.annotations.NullMarked;
