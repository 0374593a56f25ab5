package dev.eventshop.notification.delivery;

import java.time.Duration;

/** Pauses that double from {@code first} up to {@code longest}. */
record Backoff(Duration first, Duration longest) {

    /** @param failures how often it has failed so far, from 1 */
    Duration after(int failures) {
        int doublings = Math.min(Math.max(failures, 1) - 1, 30);
        long millis = first.toMillis() << doublings;
        return millis <= 0 || millis > longest.toMillis() ? longest : Duration.ofMillis(millis);
    }
}
