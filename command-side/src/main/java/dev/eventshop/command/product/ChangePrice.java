package dev.eventshop.command.product;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.product.ProductId;
import java.math.BigDecimal;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Sets what a product costs from now on. The same amount again changes nothing.
 *
 * @param price unit price in the shop's currency and its scale, not negative
 */
@AllowedTo(Role.STAFF)
public record ChangePrice(@TargetAggregateIdentifier ProductId productId, BigDecimal price) {}
