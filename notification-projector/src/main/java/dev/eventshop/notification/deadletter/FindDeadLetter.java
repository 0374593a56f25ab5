package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/**
 * One dead letter.
 *
 * @param personalData whether what may tell of somebody is to be shown
 */
@AllowedTo(Role.OPERATOR)
public record FindDeadLetter(long id, boolean personalData) {}
