package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** Dead letters of the last seven days, by the hours in which they failed first; hours without any are left out. */
@AllowedTo(Role.OPERATOR)
public record CountDeadLetters() {}
