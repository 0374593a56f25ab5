package dev.eventshop.notification.order;

import dev.eventshop.events.order.OrderCompletedEvent;
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
 * A customer whose order has arrived is thanked.
 *
 * <p>Replay, past the inbox: the directory is updated, no email is recorded. Idempotency key: the order.
 */
@Component
class WhenOrderCompletedThenThankCustomer {

    private final RecipientDirectory directory;
    private final Notifications notifications;

    WhenOrderCompletedThenThankCustomer(RecipientDirectory directory, Notifications notifications) {
        this.directory = directory;
        this.notifications = notifications;
    }

    @Subscribe(
            queue = "order.completed",
            routingKey = "order.completed",
            type = "OrderCompletedEvent",
            replaysPastInbox = true)
    void on(OrderCompletedEvent event, MessageContext context) {
        Required.positive("orderId", event.orderId());
        Required.positive("userId", event.userId());
        Required.present("totalAmount", event.totalAmount());
        directory.assign(event.orderId(), event.userId());
        if (Headers.isReplay(context)) {
            return;
        }
        notifications.record(new NewNotification(
                event.userId(),
                event.orderId(),
                new Facts.Completion(event.totalAmount()),
                Headers.locale(context),
                context.traceId()));
    }
}
