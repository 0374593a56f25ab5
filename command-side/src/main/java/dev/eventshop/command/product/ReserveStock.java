package dev.eventshop.command.product;

import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Sets units aside for an order. Again for the same order it changes nothing, whether the order still has them or not,
 * and nor does it after a {@link ReleaseStock} that came first. The result is a {@link Reservation}.
 *
 * @param orderId  number of the order, the key by which a repetition is recognised
 * @param quantity units, positive
 */
public record ReserveStock(@TargetAggregateIdentifier ProductId productId, int orderId, int quantity) {}
