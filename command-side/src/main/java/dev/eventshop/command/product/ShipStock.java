package dev.eventshop.command.product;

import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Ends a reservation because the order was shipped: the units are gone for good, and the stock that can be ordered
 * stays as it is. For an order that holds no units it changes nothing.
 *
 * @param orderId number of the order
 */
public record ShipStock(@TargetAggregateIdentifier ProductId productId, int orderId) {}
