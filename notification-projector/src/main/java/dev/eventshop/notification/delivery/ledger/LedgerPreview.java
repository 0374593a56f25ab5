package dev.eventshop.notification.delivery.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger with its words.
 *
 * @param source  what the words are made of
 * @param content what was handed to the mail server last, null when nothing was, or it was erased
 */
public record LedgerPreview(
        LedgerItem item, Notification source, @Nullable MailContent content) {}
