package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** One email of the ledger with its words. */
@AllowedTo(Role.STAFF)
public record FindNotificationPreview(long id) {}
