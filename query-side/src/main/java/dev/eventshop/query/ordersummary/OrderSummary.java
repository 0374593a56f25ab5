package dev.eventshop.query.ordersummary;

import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as it is.
 *
 * @param status             name of an {@link OrderStatus}
 * @param cancellationReason null unless the order is cancelled
 * @param updatedAt          when the last event happened, by the command side's clock
 * @param version            sequence number of the order's last event
 */
record OrderSummary(
        @Schema(example = "17") int orderId,
        @Schema(example = "7") int userId,
        @Schema(implementation = OrderStatus.class) String status,
        @Schema(example = "39.80") BigDecimal totalAmount,
        List<OrderItem> items,

        @Schema(nullable = true, example = "changed my mind") @Nullable
        String cancellationReason,

        Instant createdAt,
        Instant updatedAt,
        @Schema(example = "1") long version) {

    OrderSummary {
        items = List.copyOf(items);
    }

    static OrderSummary placed(OrderCreatedEvent event, long version) {
        return new OrderSummary(
                event.orderId(),
                event.userId(),
                OrderStatus.PENDING.name(),
                event.totalAmount(),
                event.items().stream().map(OrderItem::of).toList(),
                null,
                event.createdAt(),
                event.createdAt(),
                version);
    }

    OrderSummary moved(String newStatus, Instant at, long newVersion) {
        return new OrderSummary(
                orderId, userId, newStatus, totalAmount, items, cancellationReason, createdAt, at, newVersion);
    }

    OrderSummary cancelled(String reason, Instant at, long newVersion) {
        return new OrderSummary(
                orderId, userId, OrderStatus.CANCELLED.name(), totalAmount, items, reason, createdAt, at, newVersion);
    }

    OrderSummary at(long newVersion) {
        return moved(status, updatedAt, newVersion);
    }
}
