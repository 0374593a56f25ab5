package dev.eventshop.command.product;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Sets the number of units that can be ordered, after somebody counted them. The same number again changes nothing.
 *
 * @param stock units, not negative
 */
@AllowedTo(Role.STAFF)
public record TakeStock(@TargetAggregateIdentifier ProductId productId, int stock) {}
