package dev.eventshop.access.audit;

import org.jspecify.annotations.Nullable;

/**
 * Something that is kept in mind of a request. Without personal data but the address.
 *
 * @param actor   a member of staff by their token's subject, a customer by a pseudonym; null when nobody is known
 * @param roles   of the actor, as tokens name them
 * @param action  method and pattern of the path, or the path where it matches none
 * @param target  path, with the query where that is what was asked for
 * @param address where the request came from
 * @param status  of HTTP; null when the action has begun only
 * @param times   how often, where refusals were put together; at least 1
 */
record AuditEntry(
        @Nullable String actor,
        String roles,
        String action,
        String target,
        String address,
        Outcome outcome,
        @Nullable Integer status,
        int times) {

    enum Outcome {
        /** About to be done: no action is without this. */
        BEGUN,
        DONE,
        REFUSED,
        FAILED;

        static Outcome of(int status) {
            if (status < 400) {
                return DONE;
            }
            return status < 500 ? REFUSED : FAILED;
        }
    }

    AuditEntry after(int newStatus) {
        return new AuditEntry(actor, roles, action, target, address, Outcome.of(newStatus), newStatus, times);
    }

    AuditEntry repeated(int count) {
        return new AuditEntry(actor, roles, action, target, address, outcome, status, count);
    }
}
