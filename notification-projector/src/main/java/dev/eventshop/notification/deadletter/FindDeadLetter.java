package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** One dead letter. */
@AllowedTo(Role.OPERATOR)
public record FindDeadLetter(long id) {}
