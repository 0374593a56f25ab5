package dev.eventshop.query.userprofile;

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

    private @Nullable String email;

    @Column(name = "full_name")
    private @Nullable String fullName;

    @Column(name = "registered_at")
    private Instant registeredAt = Instant.EPOCH;

    private boolean erased;

    private long version;

    /** For JPA. */
    protected UserProfileRow() {}

    UserProfile profile() {
        return new UserProfile(userId, email, fullName, registeredAt, erased, version);
    }
}
