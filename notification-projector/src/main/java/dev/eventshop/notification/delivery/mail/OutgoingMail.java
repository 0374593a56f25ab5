package dev.eventshop.notification.delivery.mail;

import dev.eventshop.notification.delivery.ledger.MailContent;
import java.time.Instant;

/**
 * One email, ready to go.
 *
 * @param notificationId number of the ledger's row; the email's {@code Message-ID} is made of it, and of
 *     {@code createdAt}, so it is the same at every attempt
 * @param recipient      address as it was registered, not checked yet
 * @param language       of the content, for example {@code en}
 */
public record OutgoingMail(
        long notificationId, Instant createdAt, String recipient, String language, MailContent content) {

    /** Without whom it is for, and without the words. */
    @Override
    public String toString() {
        return "OutgoingMail[" + notificationId + "]";
    }
}
