package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/**
 * Emails of the ledger, newest first.
 *
 * @param limit at most that many
 */
@AllowedTo(Role.STAFF)
public record ListNotifications(LedgerFilter filter, int limit) {}
