package dev.eventshop.query.salesstatistics;

import dev.eventshop.events.order.OrderCreatedEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What was counted for an order.
 *
 * @param units     of all its items
 * @param revenue   the order's total
 * @param cancelled whether it was taken out again
 * @param version   sequence number of the event that was counted last
 */
record CountedOrder(
        int orderId,
        Instant createdAt,
        List<SoldItem> items,
        long units,
        BigDecimal revenue,
        boolean cancelled,
        long version) {

    CountedOrder {
        items = List.copyOf(items);
    }

    static CountedOrder of(OrderCreatedEvent event, long version) {
        List<SoldItem> items = event.items().stream().map(SoldItem::of).toList();
        long units = items.stream().mapToLong(SoldItem::quantity).sum();
        return new CountedOrder(event.orderId(), event.createdAt(), items, units, event.totalAmount(), false, version);
    }

    CountedOrder takenOut(long newVersion) {
        return new CountedOrder(orderId, createdAt, items, units, revenue, true, newVersion);
    }

    /** @return when it was placed, in UTC */
    LocalDate day() {
        return LocalDate.ofInstant(createdAt, ZoneOffset.UTC);
    }
}
