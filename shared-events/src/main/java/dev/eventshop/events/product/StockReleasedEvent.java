package dev.eventshop.events.product;

import java.time.Instant;

/**
 * Units that were set aside for an order can be ordered by others again.
 *
 * <p>Internal. Emitted by {@code ReleaseStock}, together with {@link ProductStockUpdatedEvent}. Personal data: none.
 *
 * @param orderId    order the units were set aside for
 * @param quantity   units, positive: all that were reserved for the order
 * @param releasedAt UTC, by the command side's clock
 */
public record StockReleasedEvent(int productId, int orderId, int quantity, Instant releasedAt)
        implements ProductEvent {}
