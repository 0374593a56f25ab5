package dev.eventshop.notification.order;

import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.notification.delivery.ledger.Facts;
import dev.eventshop.notification.delivery.ledger.NewNotification;
import dev.eventshop.notification.delivery.ledger.Notifications;
import dev.eventshop.notification.message.Headers;
import dev.eventshop.notification.message.Required;
import org.springframework.stereotype.Component;

/**
 * A customer is told when an order moves on; not when it is cancelled or completed, since those have emails of their
 * own.
 *
 * <p>Replay, past the inbox: does nothing. Idempotency key: the order and its new status, which an order enters once.
 */
@Component
class WhenOrderStatusChangedThenTellCustomer {

    private final Notifications notifications;

    WhenOrderStatusChangedThenTellCustomer(Notifications notifications) {
        this.notifications = notifications;
    }

    @Subscribe(
            queue = "order.status-changed",
            routingKey = "order.status-changed",
            type = "OrderStatusChangedEvent",
            replaysPastInbox = true)
    void on(OrderStatusChangedEvent event, MessageContext context) {
        Required.positive("orderId", event.orderId());
        OrderStatus newStatus = Required.constant("newStatus", OrderStatus.class, event.newStatus());
        if (Headers.isReplay(context) || newStatus == OrderStatus.CANCELLED || newStatus == OrderStatus.COMPLETED) {
            return;
        }
        notifications.record(new NewNotification(
                null, event.orderId(), new Facts.StatusChange(newStatus), Headers.locale(context), context.traceId()));
    }
}
