package dev.eventshop.events.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * A customer committed to buying. First event of every order.
 *
 * <p>Public. Emitted by {@code PlaceOrder}. Personal data: none, {@code userId} is a pseudonym.
 *
 * @param userId      number of the customer
 * @param totalAmount sum over the items of quantity times unit price, in the shop's currency, never recalculated
 * @param items       what was ordered, at the prices agreed to; not empty, unmodifiable
 * @param createdAt   moment of placing, UTC, by the command side's clock
 */
public record OrderCreatedEvent(
        int orderId, int userId, BigDecimal totalAmount, List<OrderItemEvent> items, Instant createdAt)
        implements OrderEvent {

    public OrderCreatedEvent {
        items = List.copyOf(items);
    }
}
