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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * A person who has registered is welcomed, and the directory learns the address, which lets waiting emails go.
 *
 * <p>A message that was sent after the person was erased tells nothing of them, and leads to nothing.
 *
 * <p>Replay, past the inbox: the directory is updated, no welcome is recorded. Idempotency key: the user.
 */
@Component
class WhenUserRegisteredThenWelcome {

    private static final Logger LOG = LoggerFactory.getLogger(WhenUserRegisteredThenWelcome.class);

    private final RecipientDirectory directory;
    private final Notifications notifications;

    WhenUserRegisteredThenWelcome(RecipientDirectory directory, Notifications notifications) {
        this.directory = directory;
        this.notifications = notifications;
    }

    @Subscribe(
            queue = "user.registered",
            routingKey = "user.registered",
            type = "UserRegisteredEvent",
            replaysPastInbox = true)
    void on(UserRegisteredEvent event, MessageContext context) {
        Required.positive("userId", event.userId());
        if (event.email() == null && event.fullName() == null) {
            LOG.info("The registration of user {} names nobody: they were erased before it was sent.", event.userId());
            return;
        }
        Required.text("email", event.email());
        Required.text("fullName", event.fullName());
        directory.register(event.userId(), event.email(), event.fullName(), Headers.locale(context));
        if (!Headers.isReplay(context)) {
            notifications.record(
                    new NewNotification(event.userId(), null, new Facts.Welcome(), null, context.traceId()));
        }
    }
}
