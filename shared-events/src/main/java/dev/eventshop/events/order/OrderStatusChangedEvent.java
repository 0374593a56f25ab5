package dev.eventshop.events.order;

import java.time.Instant;

/**
 * An order moved from one state to another. Placing an order is no such move.
 *
 * <p>Public. Emitted by {@code ConfirmOrder}, {@code ShipOrder}, {@code CompleteOrder} and {@code CancelOrder}, by the
 * last two besides their own event. Personal data: none.
 *
 * @param oldStatus name of an {@link OrderStatus}
 * @param newStatus name of an {@link OrderStatus}, different from {@code oldStatus}
 * @param changedAt UTC, by the command side's clock
 */
public record OrderStatusChangedEvent(int orderId, String oldStatus, String newStatus, Instant changedAt)
        implements OrderEvent {}
