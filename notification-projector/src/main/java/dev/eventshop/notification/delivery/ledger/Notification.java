package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKey;
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
 * @param traceId     of the message that asked for the email; null for none
 * @param key         what is stored of the email is sealed with it; null when the user is not known, and after erasure
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
        Instant createdAt,
        @Nullable String traceId,
        @Nullable PersonKey key) {

    Notification to(@Nullable String address, @Nullable String name, @Nullable PersonKey personKey) {
        return new Notification(
                id,
                kind,
                userId,
                orderId,
                orderStatus,
                factsJson,
                locale,
                address,
                name,
                attempts,
                createdAt,
                traceId,
                personKey);
    }

    /** @return to make words of that do not tell whom it is for */
    public Notification masked() {
        return to(recipient == null ? null : Person.MASKED, fullName == null ? null : Person.MASKED, key);
    }

    /** Without whom it is for. */
    @Override
    public String toString() {
        return "Notification[" + id + ", " + kind + "]";
    }

    /**
     * @return what the email tells
     * @throws tools.jackson.core.JacksonException when the stored form can't be read; trying again does not help
     */
    public Facts facts() {
        return FactsJson.read(kind, factsJson);
    }
}
