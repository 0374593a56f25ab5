package dev.eventshop.command.product;

import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Lets others order the units again that were set aside for an order. For an order that holds none it
 * changes nothing but that the order can't reserve them any more.
 *
 * @param orderId number of the order
 */
public record ReleaseStock(@TargetAggregateIdentifier ProductId productId, int orderId) {}
