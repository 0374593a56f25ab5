package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** Send a dead letter back to its queue. */
@AllowedTo(Role.OPERATOR)
public record RetryDeadLetter(long id) {}
