package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of the ledger as it is read; it is written by {@link JdbcNotifications} and {@link JdbcDeliveries}. */
@Entity
@Immutable
@Table(name = "notification")
class LedgerEntry {

    @Id
    @Column(name = "notification_id")
    private long id;

    @Enumerated(EnumType.STRING)
    @Column(name = "kind", columnDefinition = "text")
    private NotificationKind kind = NotificationKind.WELCOME;

    @Column(name = "user_id")
    private @Nullable Integer userId;

    @Column(name = "order_id")
    private @Nullable Integer orderId;

    @Column(name = "order_status", columnDefinition = "text")
    private @Nullable String orderStatus;

    @Column(name = "locale", columnDefinition = "text")
    private @Nullable String locale;

    @Column(name = "recipient", columnDefinition = "bytea")
    private byte @Nullable [] recipient;

    @Column(name = "status", columnDefinition = "text")
    private String status = "";

    @Column(name = "attempts")
    private int attempts;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "sent_at")
    private @Nullable Instant sentAt;

    @Column(name = "handed_over_at")
    private @Nullable Instant handedOverAt;

    @Column(name = "error", columnDefinition = "text")
    private @Nullable String error;

    @Column(name = "error_said", columnDefinition = "bytea")
    private byte @Nullable [] said;

    @Formula("(SELECT c.subject FROM notification_content c WHERE c.notification_id = notification_id)")
    private byte @Nullable [] subject;

    protected LedgerEntry() {}

    /** @return what the keys know the user as, null when there is none */
    @Nullable
    String person() {
        return userId == null ? null : Person.named(userId);
    }

    /** @return when it was handed to the mail server, null when it is still to be */
    @Nullable
    Instant handedOverAt() {
        return handedOverAt;
    }

    /** @param key null when there is none, or it was destroyed */
    LedgerItem item(@Nullable PersonKey key) {
        return new LedgerItem(
                id,
                kind,
                userId,
                orderId,
                orderStatus,
                locale,
                Person.EMAIL.open(key, recipient),
                Person.MAIL_SUBJECT.open(key, subject),
                NotificationStatus.ofStored(status),
                attempts,
                createdAt,
                sentAt,
                error(Person.MAIL_FAILURE.open(key, said)));
    }

    /** As {@link #item}, for those who have not asked for personal data. */
    LedgerItem masked(@Nullable PersonKey key) {
        return item(key).masked(error);
    }

    private @Nullable String error(@Nullable String openedSaid) {
        return openedSaid == null ? error : error + " It was said: " + openedSaid;
    }
}
