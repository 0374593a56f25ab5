package dev.eventshop.query.ordersummary;

import dev.eventshop.events.order.OrderItemEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;

/** One line of an order, as agreed to when it was placed. */
record OrderItem(
        @Schema(example = "17") int productId,
        @Schema(example = "Teapot") String productName,
        @Schema(example = "2") int quantity,
        @Schema(example = "19.90") BigDecimal unitPrice) {

    static OrderItem of(OrderItemEvent item) {
        return new OrderItem(item.productId(), item.productName(), item.quantity(), item.unitPrice());
    }
}
