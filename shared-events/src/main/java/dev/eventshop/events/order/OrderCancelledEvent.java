package dev.eventshop.events.order;

import java.time.Instant;

/**
 * An order was called off before it was shipped.
 *
 * <p>Public. Emitted by {@code CancelOrder}. Personal data: none; the reason is not to name people.
 *
 * @param userId      number of the customer
 * @param reason      for the customer to read, not blank
 * @param cancelledAt UTC, by the command side's clock
 */
public record OrderCancelledEvent(int orderId, int userId, String reason, Instant cancelledAt) implements OrderEvent {}
