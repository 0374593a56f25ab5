package dev.eventshop.notification.order;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.notification.delivery.ledger.Facts;
import dev.eventshop.notification.delivery.ledger.NewNotification;
import dev.eventshop.notification.delivery.ledger.Notifications;
import dev.eventshop.notification.message.Headers;
import dev.eventshop.notification.message.Required;
import dev.eventshop.notification.recipient.RecipientDirectory;
import org.springframework.stereotype.Component;

/**
 * A customer whose order was called off is told, with the reason.
 *
 * <p>Replay, past the inbox: the directory is updated, no email is recorded. Idempotency key: the order.
 */
@Component
class WhenOrderCancelledThenTellCustomer {

    private final RecipientDirectory directory;
    private final Notifications notifications;

    WhenOrderCancelledThenTellCustomer(RecipientDirectory directory, Notifications notifications) {
        this.directory = directory;
        this.notifications = notifications;
    }

    @Subscribe(
            queue = "order.cancelled",
            routingKey = "order.cancelled",
            type = "OrderCancelledEvent",
            replaysPastInbox = true)
    void on(OrderCancelledEvent event, MessageContext context) {
        Required.positive("orderId", event.orderId());
        Required.positive("userId", event.userId());
        Required.text("reason", event.reason());
        directory.assign(event.orderId(), event.userId());
        if (Headers.isReplay(context)) {
            return;
        }
        notifications.record(new NewNotification(
                event.userId(),
                event.orderId(),
                new Facts.Cancellation(event.reason()),
                Headers.locale(context),
                context.traceId()));
    }
}
