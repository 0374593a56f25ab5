package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters, newest first.
 *
 * @param error  part of the error or of the name of its class, in any case; what is different from message to message
 *               counts for nothing in it
 * @param personalData whether what may tell of somebody is to be shown
 * @param before only rows with a smaller number: where the page before ended
 * @param limit  at most that many
 */
@AllowedTo(Role.OPERATOR)
public record ListDeadLetters(
        @Nullable String queue,
        @Nullable String error,
        boolean personalData,
        @Nullable Long before,
        int limit) {

    /** Without what is looked for. */
    @Override
    public String toString() {
        return "ListDeadLetters[" + queue + ", " + limit + "]";
    }
}
