package dev.eventshop.notification.user;

import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.notification.deadletter.DeadLetters;
import dev.eventshop.notification.delivery.ledger.Notifications;
import dev.eventshop.notification.message.Required;
import dev.eventshop.notification.recipient.RecipientDirectory;
import org.springframework.stereotype.Component;

/**
 * A person who is to be forgotten disappears from the directory and from messages that could not be handled, and gets
 * no email any more.
 *
 * <p>Replay, past the inbox: the same. Idempotency key: the user.
 */
@Component
class WhenUserPersonalDataErasedThenForget {

    private final RecipientDirectory directory;
    private final Notifications notifications;
    private final DeadLetters deadLetters;

    WhenUserPersonalDataErasedThenForget(
            RecipientDirectory directory, Notifications notifications, DeadLetters deadLetters) {
        this.directory = directory;
        this.notifications = notifications;
        this.deadLetters = deadLetters;
    }

    @Subscribe(
            queue = "user.personal-data-erased",
            routingKey = "user.personal-data-erased",
            type = "UserPersonalDataErasedEvent",
            replaysPastInbox = true,
            alone = true)
    void on(UserPersonalDataErasedEvent event) {
        Required.positive("userId", event.userId());
        directory.erase(event.userId());
        notifications.erase(event.userId());
        deadLetters.erase(event.userId());
    }
}
