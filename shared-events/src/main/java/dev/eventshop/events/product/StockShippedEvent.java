package dev.eventshop.events.product;

import java.time.Instant;

/**
 * Units that were set aside for an order left the shop with it: the reservation is over, and the stock that can be
 * ordered is as it was.
 *
 * <p>Internal. Emitted by {@code ShipStock}. Personal data: none.
 *
 * @param orderId   order the units were set aside for
 * @param quantity  units, positive: all that were reserved for the order
 * @param shippedAt UTC, by the command side's clock
 */
public record StockShippedEvent(int productId, int orderId, int quantity, Instant shippedAt) implements ProductEvent {}
