package dev.eventshop.notification.delivery.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger with its words.
 *
 * @param source       what the words are made of
 * @param content      what was handed to the mail server last, null when nothing was, or it was erased
 * @param handedOverAt when that was, null when it is to be handed over again
 */
public record LedgerPreview(
        LedgerItem item,
        Notification source,
        @Nullable MailContent content,
        @Nullable Instant handedOverAt) {}
