package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** Remove a dead letter for good. */
@AllowedTo(Role.OPERATOR)
public record DiscardDeadLetter(long id) {}
