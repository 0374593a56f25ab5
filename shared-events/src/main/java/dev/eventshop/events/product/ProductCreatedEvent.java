package dev.eventshop.events.product;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A product was added to the catalog. First event of every product.
 *
 * <p>Internal. Emitted by {@code CreateProduct}. Personal data: none. Revision 2.0; 1.0 called {@code initialStock}
 * {@code stock}.
 *
 * @param name         display name, not blank
 * @param price        unit price in the shop's currency and its scale, not negative
 * @param initialStock units that can be ordered from the start, not negative
 * @param createdAt    UTC, by the command side's clock
 */
public record ProductCreatedEvent(int productId, String name, BigDecimal price, int initialStock, Instant createdAt)
        implements ProductEvent {}
