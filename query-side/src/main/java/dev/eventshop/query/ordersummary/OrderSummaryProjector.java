package dev.eventshop.query.ordersummary;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.query.projection.DiscardedEvent;
import dev.eventshop.query.projection.MissingRow;
import dev.eventshop.query.projection.SkippedEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;

/**
 * Keeps each order as it is, with its timeline.
 *
 * <p>Can be rebuilt. A redelivery changes nothing: the row's version tells. An event for an order that was never placed
 * is an error, and so is one that does not follow the last.
 */
class OrderSummaryProjector {

    private static final String VIEW = "order_summary";

    private final OrderSummaries orders;

    OrderSummaryProjector(OrderSummaries orders) {
        this.orders = orders;
    }

    @EventHandler
    void on(OrderCreatedEvent event, @SequenceNumber long version) {
        if (orders.find(event.orderId()).isPresent()) {
            return; // redelivery
        }
        orders.put(OrderSummary.placed(event, version));
        record(
                event,
                event.createdAt(),
                Map.of(
                        "totalAmount",
                        event.totalAmount(),
                        "items",
                        event.items().size()),
                version);
    }

    @EventHandler
    void on(OrderStatusChangedEvent event, @SequenceNumber long version) {
        next(event, version).ifPresent(order -> {
            orders.put(order.moved(event.newStatus(), event.changedAt(), version));
            record(
                    event,
                    event.changedAt(),
                    Map.of("oldStatus", event.oldStatus(), "newStatus", event.newStatus()),
                    version);
        });
    }

    @EventHandler
    void on(OrderCancelledEvent event, @SequenceNumber long version) {
        next(event, version).ifPresent(order -> {
            orders.put(order.cancelled(event.reason(), event.cancelledAt(), version));
            record(event, event.cancelledAt(), Map.of("reason", event.reason()), version);
        });
    }

    @EventHandler
    void on(OrderCompletedEvent event, @SequenceNumber long version) {
        next(event, version).ifPresent(order -> {
            orders.put(order.moved(OrderStatus.COMPLETED.name(), event.completedAt(), version));
            record(event, event.completedAt(), Map.of("totalAmount", event.totalAmount()), version);
        });
    }

    @EventHandler
    void on(DiscardedEvent event, @SequenceNumber long version) {
        orders.find(event.number())
                .filter(order -> order.version() < version)
                .ifPresent(order -> orders.put(order.at(version)));
    }

    /** @return the order that the event is to change, empty on a redelivery */
    private Optional<OrderSummary> next(OrderEvent event, long version) {
        OrderSummary order =
                orders.find(event.orderId()).orElseThrow(() -> new MissingRow(VIEW, event.orderId(), version));
        return SkippedEvent.isRedelivery(VIEW, event.orderId(), order.version(), version)
                ? Optional.empty()
                : Optional.of(order);
    }

    private void record(OrderEvent event, Instant at, Map<String, Object> details, long version) {
        String type = EventRegistry.of(event.getClass()).name();
        orders.record(event.orderId(), new OrderTimelineEntry(type, at, details, version));
    }
}
