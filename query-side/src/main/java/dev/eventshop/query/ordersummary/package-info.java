/** The orders as they are, and what happened to each. */
@NullMarked
package dev.eventshop.query.ordersummary;

import org.jspecify.annotations.NullMarked;
