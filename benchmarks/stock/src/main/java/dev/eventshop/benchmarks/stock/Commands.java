package dev.eventshop.benchmarks.stock;

import dev.eventshop.events.order.OrderItemEvent;
import java.math.BigDecimal;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** The commands. Aggregates have the ids that they have in the command side. */
final class Commands {

    private Commands() {}

    static String product(int number) {
        return "product-" + number;
    }

    static String order(int number) {
        return "order-" + number;
    }

    static String user(int number) {
        return "user-" + number;
    }

    record CreateProduct(
            @TargetAggregateIdentifier String id, int productId, String name, BigDecimal price, int initialStock) {}

    record AdjustStock(@TargetAggregateIdentifier String id, int delta) {}

    record ReserveStock(@TargetAggregateIdentifier String id, int orderId, int quantity) {}

    record ReleaseStock(@TargetAggregateIdentifier String id, int orderId) {}

    record PlaceOrder(
            @TargetAggregateIdentifier String id,
            int orderId,
            int userId,
            BigDecimal totalAmount,
            List<OrderItemEvent> items) {}

    record ConfirmOrder(@TargetAggregateIdentifier String id) {}

    record CancelOrder(@TargetAggregateIdentifier String id, String reason) {}

    record RegisterUser(@TargetAggregateIdentifier String id, int userId, String email, String fullName) {}
}
