package dev.eventshop.command.product;

import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Sets units aside for an order. Again for an order that has them already, it changes nothing.
 *
 * @param orderId  number of the order, the key by which a repetition is recognised
 * @param quantity units, positive
 */
public record ReserveStock(@TargetAggregateIdentifier ProductId productId, int orderId, int quantity) {}
