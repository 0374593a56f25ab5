package dev.eventshop.notification.deadletter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter, with all that operators see of it.
 *
 * @param headers    that the message came with, as texts; null once they can't be read any more, and for a message that
 *                   is too large to be opened for them
 * @param stackTrace of the last error, bounded; null as the headers, and when whoever sent the letter told none
 */
public record DeadLetterDetails(
        DeadLetterEntry entry,
        @Nullable Map<String, String> headers,
        @Nullable String stackTrace) {}
