package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** Remove dead letters for good. */
@AllowedTo(Role.OPERATOR)
public record DiscardDeadLetters(DeadLetterFilter filter) {}
