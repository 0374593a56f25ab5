package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/**
 * One email of the ledger with its words.
 *
 * @param personalData whether the row is to be shown with whom it is for; the words are left as they are
 */
@AllowedTo(Role.STAFF)
public record FindNotificationPreview(long id, boolean personalData) {}
