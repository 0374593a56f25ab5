package dev.eventshop.notification.delivery.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger with all that its email is made of.
 *
 * @param orderStatus name of the order's status that the email tells of, null when it is about no order
 * @param factsJson   the {@link #facts()} as they are stored
 * @param locale      language to write in, null when neither directory nor message named one
 * @param recipient   address, null as long as it is not known and after it was erased
 * @param fullName    display name of the recipient, null likewise
 * @param attempts    how often it was tried before
 */
public record Notification(
        long id,
        NotificationKind kind,
        @Nullable Integer userId,
        @Nullable Integer orderId,
        @Nullable String orderStatus,
        String factsJson,
        @Nullable String locale,
        @Nullable String recipient,
        @Nullable String fullName,
        int attempts,
        Instant createdAt) {

    /**
     * @return what the email tells
     * @throws tools.jackson.core.JacksonException when the stored form can't be read; trying again does not help
     */
    public Facts facts() {
        return FactsJson.read(kind, factsJson);
    }
}
