package dev.eventshop.command.product;

import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Sets the number of units that can be ordered, after somebody counted them. The same number again changes nothing.
 *
 * @param stock units, not negative
 */
public record TakeStock(@TargetAggregateIdentifier ProductId productId, int stock) {}
