package dev.eventshop.benchmarks.stock;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import java.time.Clock;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
class Order {

    @AggregateIdentifier
    private String id;

    private int orderId;
    private int userId;
    private OrderStatus status;

    Order() {}

    @CommandHandler
    Order(Commands.PlaceOrder command, Clock clock) {
        apply(new OrderCreatedEvent(
                command.orderId(), command.userId(), command.totalAmount(), command.items(), clock.instant()));
    }

    @CommandHandler
    void handle(Commands.ConfirmOrder command, Clock clock) {
        if (status == OrderStatus.PENDING) {
            apply(new OrderStatusChangedEvent(orderId, status.name(), OrderStatus.CONFIRMED.name(), clock.instant()));
        }
    }

    @CommandHandler
    void handle(Commands.CancelOrder command, Clock clock) {
        if (status == OrderStatus.PENDING) {
            Instant now = clock.instant();
            apply(new OrderStatusChangedEvent(orderId, status.name(), OrderStatus.CANCELLED.name(), now));
            apply(new OrderCancelledEvent(orderId, userId, command.reason(), now));
        }
    }

    @EventSourcingHandler
    void on(OrderCreatedEvent event) {
        id = Commands.order(event.orderId());
        orderId = event.orderId();
        userId = event.userId();
        status = OrderStatus.PENDING;
    }

    @EventSourcingHandler
    void on(OrderStatusChangedEvent event) {
        status = OrderStatus.valueOf(event.newStatus());
    }
}
