package dev.eventshop.notification.deadletter;

import java.time.Instant;

/**
 * Dead letters of one queue that failed alike.
 *
 * @param error of the newest one that can be read, or what their errors have in common
 * @param hash  MD5 of what their errors have in common, by which they are grouped, in hex
 */
public record DeadLetterGroup(
        String queue,
        String errorClass,
        String error,
        String hash,
        long count,
        Instant firstFailedAt,
        Instant lastFailedAt) {

    /** Without what was said. */
    @Override
    public String toString() {
        return "DeadLetterGroup[" + queue + ", " + errorClass + ", " + count + "]";
    }
}
