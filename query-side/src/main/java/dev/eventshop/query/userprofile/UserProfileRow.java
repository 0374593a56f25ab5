package dev.eventshop.query.userprofile;

import dev.eventshop.personaldata.key.PersonKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** The view {@code user_profile} for reading. */
@Entity
@Immutable
@Table(name = "user_profile")
class UserProfileRow {

    @Id
    @Column(name = "user_id")
    private int userId;

    private byte @Nullable [] email;

    @Column(name = "full_name")
    private byte @Nullable [] fullName;

    @Column(name = "registered_at")
    private Instant registeredAt = Instant.EPOCH;

    private boolean erased;

    private long version;

    /** For JPA. */
    protected UserProfileRow() {}

    String person() {
        return "user-" + userId;
    }

    /** @param key null when it was destroyed, which this view may not know yet */
    UserProfile profile(@Nullable PersonKey key) {
        return new UserProfile(
                userId,
                SealedProfiles.opened(key, email, SealedProfiles.EMAIL),
                SealedProfiles.opened(key, fullName, SealedProfiles.FULL_NAME),
                registeredAt,
                erased || key == null,
                version);
    }
}
