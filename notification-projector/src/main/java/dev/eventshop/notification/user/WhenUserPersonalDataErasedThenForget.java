package dev.eventshop.notification.user;

import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.notification.delivery.ledger.Notifications;
import dev.eventshop.notification.message.Required;
import dev.eventshop.notification.recipient.RecipientDirectory;
import org.springframework.stereotype.Component;

/**
 * A person who is to be forgotten disappears from the directory, and gets no email any more.
 *
 * <p>Replay: the same. Idempotency key: the user.
 */
@Component
class WhenUserPersonalDataErasedThenForget {

    private final RecipientDirectory directory;
    private final Notifications notifications;

    WhenUserPersonalDataErasedThenForget(RecipientDirectory directory, Notifications notifications) {
        this.directory = directory;
        this.notifications = notifications;
    }

    @Subscribe(
            queue = "user.personal-data-erased",
            routingKey = "user.personal-data-erased",
            type = "UserPersonalDataErasedEvent")
    void on(UserPersonalDataErasedEvent event) {
        Required.positive("userId", event.userId());
        directory.erase(event.userId());
        notifications.erase(event.userId());
    }
}
