package dev.eventshop.notification.order;

import dev.eventshop.events.order.OrderCreatedEvent;
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
 * A customer who has ordered gets a confirmation, and the directory learns whose order it is.
 *
 * <p>Replay, past the inbox: the directory is updated, no email is recorded. Idempotency key: the order.
 */
@Component
class WhenOrderCreatedThenConfirmToCustomer {

    private final RecipientDirectory directory;
    private final Notifications notifications;

    WhenOrderCreatedThenConfirmToCustomer(RecipientDirectory directory, Notifications notifications) {
        this.directory = directory;
        this.notifications = notifications;
    }

    @Subscribe(
            queue = "order.created",
            routingKey = "order.created",
            type = "OrderCreatedEvent",
            replaysPastInbox = true)
    void on(OrderCreatedEvent event, MessageContext context) {
        Required.positive("orderId", event.orderId());
        Required.positive("userId", event.userId());
        Required.present("totalAmount", event.totalAmount());
        Required.noneMissing("items", event.items());
        event.items().forEach(item -> {
            Required.text("productName", item.productName());
            Required.positive("quantity", item.quantity());
            Required.present("unitPrice", item.unitPrice());
        });
        directory.assign(event.orderId(), event.userId());
        if (Headers.isReplay(context)) {
            return;
        }
        Facts facts = new Facts.Confirmation(
                event.totalAmount(),
                event.items().stream()
                        .map(item -> new Facts.Line(item.productName(), item.quantity(), item.unitPrice()))
                        .toList());
        notifications.record(new NewNotification(
                event.userId(), event.orderId(), facts, Headers.locale(context), context.traceId()));
    }
}
