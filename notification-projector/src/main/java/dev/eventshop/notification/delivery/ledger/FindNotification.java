package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** One email of the ledger. */
@AllowedTo(Role.STAFF)
public record FindNotification(long id) {}
