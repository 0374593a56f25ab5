package dev.eventshop.query.userprofile;

import dev.eventshop.events.user.UserRegisteredEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user.
 *
 * @param email    personal data; null when erased
 * @param fullName personal data; null when erased
 * @param version  sequence number of the user's last event
 */
record UserProfile(
        @Schema(example = "7") int userId,

        @Schema(nullable = true, example = "ada@example.com") @Nullable
        String email,

        @Schema(nullable = true, example = "Ada Lovelace") @Nullable
        String fullName,

        Instant registeredAt,
        boolean erased,
        @Schema(example = "0") long version) {

    static UserProfile registered(UserRegisteredEvent event, long version) {
        return new UserProfile(event.userId(), event.email(), event.fullName(), event.registeredAt(), false, version);
    }

    UserProfile at(long newVersion) {
        return new UserProfile(userId, email, fullName, registeredAt, erased, newVersion);
    }

    boolean hasPersonalData() {
        return email != null || fullName != null;
    }

    /** @return what the keys to personal data know the user as */
    String person() {
        return "user-" + userId;
    }

    UserProfile withoutPersonalData(long newVersion) {
        return new UserProfile(userId, null, null, registeredAt, true, newVersion);
    }
}
