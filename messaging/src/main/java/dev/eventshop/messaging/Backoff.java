package dev.eventshop.messaging;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double, and differ from each other, so that what failed together does not come back together.
 *
 * @param first   pause after the first failure
 * @param longest no pause is longer
 */
public record Backoff(Duration first, Duration longest) {

    /**
     * @param failures how often it has failed so far, from 1
     * @return between half of the pause that is due, and all of it
     */
    public Duration after(int failures) {
        int doublings = Math.min(Math.max(failures, 1) - 1, 30);
        long due = Math.min(Math.max(1, first.toMillis()) << doublings, longest.toMillis());
        return Duration.ofMillis(due - ThreadLocalRandom.current().nextLong(due / 2 + 1));
    }
}
