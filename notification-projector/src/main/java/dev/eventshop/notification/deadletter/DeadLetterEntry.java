package dev.eventshop.notification.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter, as operators see it.
 *
 * @param error         what was said, or its pattern once that can't be read any more
 * @param attempts      of all its ways through the queue
 * @param body          its beginning as text; null once it can't be read any more
 */
public record DeadLetterEntry(
        long id,
        String queue,
        @Nullable String messageId,
        @Nullable String routingKey,
        @Nullable String type,
        String errorClass,
        String error,
        Instant firstFailedAt,
        Instant lastFailedAt,
        int attempts,
        @Nullable String body) {

    /** Without what is in it. */
    @Override
    public String toString() {
        return "DeadLetterEntry[" + id + ", " + queue + "]";
    }
}
