/** From a new order to its stock: the saga {@code OrderFulfilment}, its steps, and its deadlines. */
@NullMarked
package dev.eventshop.command.order.fulfilment;

import org.jspecify.annotations.NullMarked;
