package dev.eventshop.events.order;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An order arrived at the customer.
 *
 * <p>Public. Emitted by {@code CompleteOrder}. Personal data: none.
 *
 * @param userId      number of the customer
 * @param totalAmount as in {@link OrderCreatedEvent}
 * @param completedAt UTC, by the command side's clock
 */
public record OrderCompletedEvent(int orderId, int userId, BigDecimal totalAmount, Instant completedAt)
        implements OrderEvent {}
