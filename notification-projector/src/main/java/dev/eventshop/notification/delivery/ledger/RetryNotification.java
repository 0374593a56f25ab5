package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** Send a failed or uncertain email again, with all its time before it. */
@AllowedTo(Role.STAFF)
public record RetryNotification(long id) {}
