package dev.eventshop.notification.user;

import dev.eventshop.events.user.UserRegisteredEvent;
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
 * A person who has registered is welcomed, and the directory learns the address, which lets waiting emails go.
 *
 * <p>Replay: the directory is updated, no welcome is recorded. Idempotency key: the user.
 */
@Component
class WhenUserRegisteredThenWelcome {

    private final RecipientDirectory directory;
    private final Notifications notifications;

    WhenUserRegisteredThenWelcome(RecipientDirectory directory, Notifications notifications) {
        this.directory = directory;
        this.notifications = notifications;
    }

    @Subscribe(queue = "user.registered", routingKey = "user.registered", type = "UserRegisteredEvent")
    void on(UserRegisteredEvent event, MessageContext context) {
        Required.positive("userId", event.userId());
        Required.text("email", event.email());
        Required.text("fullName", event.fullName());
        directory.register(event.userId(), event.email(), event.fullName(), Headers.locale(context));
        if (!Headers.isReplay(context)) {
            notifications.record(new NewNotification(event.userId(), null, new Facts.Welcome(), null));
        }
    }
}
