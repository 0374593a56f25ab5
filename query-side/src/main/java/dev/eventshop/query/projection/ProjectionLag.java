package dev.eventshop.query.projection;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StoredEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How far a projection is behind the event store.
 *
 * @param position that it has reached
 * @param events   that it has still to look at
 * @param seconds  age of the oldest of them, 0 when there is none
 */
record ProjectionLag(Position position, long events, long seconds) {

    static ProjectionLag of(String projection, AppliedPositions positions, EventLog log, Clock clock) {
        Position reached = positions.reached(projection);
        Position head = log.head();
        if (!head.isAfter(reached)) {
            return new ProjectionLag(reached, 0, 0);
        }
        List<StoredEvent> next = log.readTail(reached, 1);
        long seconds = next.isEmpty()
                ? 0
                : Math.max(
                        0, Duration.between(next.get(0).time(), clock.instant()).toSeconds());
        return new ProjectionLag(reached, log.countBetween(reached, head), seconds);
    }
}
