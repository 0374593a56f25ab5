/** The facts of an order's life, its id and its states. */
@NullMarked
package dev.eventshop.events.order;

import org.jspecify.annotations.NullMarked;
