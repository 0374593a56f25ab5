package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** Send dead letters back to their queues. */
@AllowedTo(Role.OPERATOR)
public record RetryDeadLetters(DeadLetterFilter filter) {}
