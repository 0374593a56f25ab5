/** What all query endpoints have in common. */
@NullMarked
package dev.eventshop.query.http;

import org.jspecify.annotations.NullMarked;
