package dev.eventshop.command.product;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.product.ProductId;
import java.math.BigDecimal;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Adds a product to the catalog.
 *
 * @param productId    a number that was never used before
 * @param name         display name, not blank
 * @param price        unit price in the shop's currency and its scale, not negative
 * @param initialStock units that can be ordered from the start, not negative
 */
@AllowedTo(Role.STAFF)
public record CreateProduct(
        @TargetAggregateIdentifier ProductId productId, String name, BigDecimal price, int initialStock) {}
