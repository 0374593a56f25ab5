package dev.eventshop.command.product;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.product.ProductId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Raises or lowers the number of units that can be ordered. Nothing changes with a delta of zero.
 *
 * @param delta  units more, or less when negative
 * @param reason as the person who adjusts puts it; null when they gave none
 */
@AllowedTo(Role.STAFF)
public record AdjustStock(
        @TargetAggregateIdentifier ProductId productId,
        int delta,
        @Nullable String reason) {}
