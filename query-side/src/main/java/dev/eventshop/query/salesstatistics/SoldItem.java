package dev.eventshop.query.salesstatistics;

import dev.eventshop.events.order.OrderItemEvent;
import java.math.BigDecimal;

/** One line of an order that was counted. */
record SoldItem(int productId, String productName, int quantity, BigDecimal unitPrice) {

    static SoldItem of(OrderItemEvent item) {
        return new SoldItem(item.productId(), item.productName(), item.quantity(), item.unitPrice());
    }

    BigDecimal revenue() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
}
