package dev.eventshop.query.projection;

import dev.eventshop.eventstore.Position;
import java.sql.SQLException;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * Why a segment does not get on.
 *
 * @param at    position of the event, or of the first of the batch; null when unknown
 * @param error for operators
 */
record SegmentFailure(@Nullable Position at, String error) {

    private static final int LONGEST = 500;

    static SegmentFailure of(@Nullable Message<?> message, Throwable cause) {
        Position at = message instanceof TrackedEventMessage<?> tracked
                        && tracked.trackingToken() instanceof Position position
                ? position
                : null;
        String error = describe(cause);
        if (message instanceof DomainEventMessage<?> event) {
            error = event.getAggregateIdentifier() + "#" + event.getSequenceNumber() + ": " + error;
        }
        return new SegmentFailure(at, error.length() > LONGEST ? error.substring(0, LONGEST) : error);
    }

    /** @return the innermost cause */
    static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The words of the innermost cause: those around it name classes and statements. */
    private static String describe(Throwable failure) {
        Throwable cause = root(failure);
        String words = cause.getMessage();
        if (words == null || words.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return cause instanceof SQLException ? words.lines().findFirst().orElse(words) : words;
    }
}
