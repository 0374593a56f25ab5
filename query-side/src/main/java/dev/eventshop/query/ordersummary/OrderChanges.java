package dev.eventshop.query.ordersummary;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.registry.EventRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds out from its timeline what an order was like after each change. */
final class OrderChanges {

    private static final String MOVED = nameOf(OrderStatusChangedEvent.class);
    private static final String CANCELLED = nameOf(OrderCancelledEvent.class);
    private static final String COMPLETED = nameOf(OrderCompletedEvent.class);

    /** Say more of the change of status right before them, which comes of the same command. */
    private static final Set<String> DETAILS = Set.of(CANCELLED, COMPLETED);

    private OrderChanges() {}

    /**
     * @param order    as it is
     * @param timeline of the order, oldest first
     * @param version  from which on it matters; -1 for the order as it is only
     * @return the order after each change beyond that version; the last is the order as it is, if it has that one or a
     *     later version
     */
    static List<OrderSummary> since(OrderSummary order, List<OrderTimelineEntry> timeline, long version) {
        if (order.version() <= version) {
            return List.of();
        }
        if (version < 0 || timeline.isEmpty()) {
            return List.of(order);
        }
        List<OrderSummary> changes = new ArrayList<>();
        String status = OrderStatus.PENDING.name();
        for (int i = 0; i < timeline.size(); i++) {
            OrderTimelineEntry entry = timeline.get(i);
            if (entry.type().equals(MOVED)) {
                status = String.valueOf(entry.details().get("newStatus"));
            }
            boolean continued = i + 1 < timeline.size()
                    && DETAILS.contains(timeline.get(i + 1).type());
            if (entry.version() > version && entry.version() < order.version() && !continued) {
                changes.add(before(order, entry, status));
            }
        }
        changes.add(order);
        return changes;
    }

    /** The reason of a cancellation comes with the last event that an order has. */
    private static OrderSummary before(OrderSummary order, OrderTimelineEntry entry, String status) {
        return new OrderSummary(
                order.orderId(),
                order.userId(),
                status,
                order.totalAmount(),
                order.items(),
                null,
                order.createdAt(),
                entry.at(),
                entry.version());
    }

    private static String nameOf(Class<?> event) {
        return EventRegistry.of(event).name();
    }
}
