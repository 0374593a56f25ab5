package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.notification.person.Person;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger, to be looked at.
 *
 * @param orderStatus name of the order's status that the email tells of, null when it is about no order
 * @param locale      language of the email as far as it is known
 * @param recipient   address, null as long as it is not known and after it was erased
 * @param subject     as it was handed to the mail server, null when it was not yet
 * @param attempts    how often it was tried
 * @param sentAt      when the mail server had accepted it, null when it has not
 * @param error       why it failed last, with what the mail server said as long as the person's key exists; null when it did
 *     not fail
 */
public record LedgerItem(
        long notificationId,
        NotificationKind kind,
        @Nullable Integer userId,
        @Nullable Integer orderId,
        @Nullable String orderStatus,
        @Nullable String locale,
        @Nullable String recipient,
        @Nullable String subject,
        NotificationStatus status,
        int attempts,
        Instant createdAt,
        @Nullable Instant sentAt,
        @Nullable String error) {

    /** @param errorInOurWords without what the mail server said */
    LedgerItem masked(@Nullable String errorInOurWords) {
        return new LedgerItem(
                notificationId,
                kind,
                userId,
                orderId,
                orderStatus,
                locale,
                recipient == null ? null : Person.MASKED,
                subject,
                status,
                attempts,
                createdAt,
                sentAt,
                errorInOurWords);
    }

    /** Without whom it is for, and without what was said about them. */
    @Override
    public String toString() {
        return "LedgerItem[" + notificationId + ", " + kind + ", " + status + "]";
    }
}
