package dev.eventshop.query.userprofile;

import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.query.projection.DiscardedEvent;
import dev.eventshop.query.projection.MissingRow;
import dev.eventshop.query.projection.SkippedEvent;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;

/**
 * Keeps who is registered, and which accounts they have; also of those who were erased, so that they can be told so.
 *
 * <p>Can be rebuilt. A redelivery changes nothing: the row's version tells, so a repeated registration does not bring an
 * erased person back. An event for a user who never registered is an error.
 */
class UserProfileProjector {

    private static final String VIEW = "user_profile";

    private final UserProfiles users;

    UserProfileProjector(UserProfiles users) {
        this.users = users;
    }

    @EventHandler
    void on(UserRegisteredEvent event, @SequenceNumber long version) {
        if (users.find(event.userId()).isPresent()) {
            return; // redelivery
        }
        users.put(UserProfile.registered(event, version));
    }

    @EventHandler
    void on(UserAccountLinkedEvent event, @SequenceNumber long version) {
        UserProfile user = users.find(event.userId()).orElseThrow(() -> new MissingRow(VIEW, event.userId(), version));
        if (!SkippedEvent.isRedelivery(VIEW, event.userId(), user.version(), version)) {
            users.link(new UserAccount(event.userId(), event.account(), event.linkedAt()));
            users.put(user.at(version));
        }
    }

    @EventHandler
    void on(UserPersonalDataErasedEvent event, @SequenceNumber long version) {
        UserProfile user = users.find(event.userId()).orElseThrow(() -> new MissingRow(VIEW, event.userId(), version));
        if (!SkippedEvent.isRedelivery(VIEW, event.userId(), user.version(), version)) {
            users.put(user.withoutPersonalData(version));
            users.forget(event.userId());
        }
    }

    @EventHandler
    void on(DiscardedEvent event, @SequenceNumber long version) {
        users.find(event.number())
                .filter(user -> user.version() < version)
                .ifPresent(user -> users.put(user.at(version)));
    }
}
