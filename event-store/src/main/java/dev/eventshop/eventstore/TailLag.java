package dev.eventshop.eventstore;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How far a reader is behind the tail.
 *
 * @param position that it has reached
 * @param events   below the horizon that it has still to look at; counted, so the cost of asking grows with the number
 * @param seconds  age of the oldest of them, 0 when there is none
 */
public record TailLag(Position position, long events, long seconds) {

    /** @param reached every event up to it is done */
    public static TailLag behind(Position reached, EventLog log, Clock clock) {
        Position head = log.head();
        if (!head.isAfter(reached)) {
            return new TailLag(reached, 0, 0);
        }
        List<StoredEvent> next = log.readTail(reached, 1);
        long seconds = next.isEmpty()
                ? 0
                : Math.max(
                        0, Duration.between(next.get(0).time(), clock.instant()).toSeconds());
        return new TailLag(reached, log.countBetween(reached, head), seconds);
    }
}
