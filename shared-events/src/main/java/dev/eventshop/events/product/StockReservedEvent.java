package dev.eventshop.events.product;

import java.time.Instant;

/**
 * Units of a product were set aside for an order.
 *
 * <p>Internal. Emitted by {@code ReserveStock}, together with {@link ProductStockUpdatedEvent}. Personal data: none.
 *
 * @param orderId    order the units are set aside for
 * @param quantity   units, positive
 * @param reservedAt UTC, by the command side's clock
 */
public record StockReservedEvent(int productId, int orderId, int quantity, Instant reservedAt)
        implements ProductEvent {}
