package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters, grouped by queue and error, in that order.
 *
 * @param personalData whether errors are to be shown with what may tell of somebody
 * @param after only groups behind this one: where the page before ended
 * @param limit at most that many
 */
@AllowedTo(Role.OPERATOR)
public record ListDeadLetterGroups(
        boolean personalData, @Nullable Position after, int limit) {

    /** @param hash MD5 of the errors' pattern, in hex */
    public record Position(String queue, String errorClass, String hash) {}
}
