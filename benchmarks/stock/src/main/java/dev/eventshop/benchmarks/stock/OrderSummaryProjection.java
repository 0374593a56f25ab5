package dev.eventshop.benchmarks.stock;

import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

@Component
@ProcessingGroup("order-summary")
class OrderSummaryProjection {

    private final OrderViews orders;

    OrderSummaryProjection(OrderViews orders) {
        this.orders = orders;
    }

    @EventHandler
    void on(OrderCreatedEvent event) {
        orders.save(new OrderView(
                event.orderId(),
                event.userId(),
                OrderStatus.PENDING.name(),
                event.totalAmount(),
                event.items().stream()
                        .map(item -> new OrderView.Item(
                                item.productId(), item.productName(), item.quantity(), item.unitPrice()))
                        .toList()));
    }

    @EventHandler
    void on(OrderStatusChangedEvent event) {
        orders.findById(event.orderId()).ifPresent(order -> order.setStatus(event.newStatus()));
    }
}
