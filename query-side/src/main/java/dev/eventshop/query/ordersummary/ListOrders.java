package dev.eventshop.query.ordersummary;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.query.http.Viewer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders, newest first; what is null does not restrict.
 *
 * @param from  placed then or later
 * @param to    placed before that
 * @param after the last order of the page before
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record ListOrders(
        Viewer viewer,
        @Nullable Integer userId,
        @Nullable OrderStatus status,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable After after,
        int limit) {

    static ListOrders of(Viewer viewer, int userId, @Nullable After after, int limit) {
        return new ListOrders(viewer, userId, null, null, null, after, limit);
    }

    /** The sort keys of an order in the list. */
    record After(Instant createdAt, int orderId) {

        static After of(List<String> keys) {
            return new After(Instant.parse(keys.get(0)), Integer.parseInt(keys.get(1)));
        }

        static After of(OrderSummary order) {
            return new After(order.createdAt(), order.orderId());
        }
    }
}
