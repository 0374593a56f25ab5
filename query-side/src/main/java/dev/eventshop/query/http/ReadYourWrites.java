package dev.eventshop.query.http;

import dev.eventshop.eventstore.Position;
import dev.eventshop.query.projection.AppliedPositions;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import dev.eventshop.web.ReadAfter;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** Lets a request wait until the views that answer it know of a write, as {@code Min-Event-Position} asks for. */
@Component
public class ReadYourWrites {

    private final AppliedPositions positions;
    private final Duration longest;
    private final Semaphore waiting;

    ReadYourWrites(AppliedPositions positions, QueryProperties properties) {
        this.positions = positions;
        this.longest = properties.longestWait();
        this.waiting = new Semaphore(properties.waitingReads());
    }

    /**
     * Returns when all the projections have applied the position. Call it outside of any transaction: it may take
     * seconds. Only so many requests wait at the same time, since each has a thread, and the others need some.
     *
     * @throws ProblemException 422 on a malformed position, 503 when the time is over, or too many wait already
     */
    public void await(ReadAfter after, String... projections) {
        String text = after.position();
        if (text == null) {
            return;
        }
        Position position = parse(text);
        Duration patience = after.patience().compareTo(longest) > 0 ? longest : after.patience();
        long deadline = System.nanoTime() + patience.toNanos();
        long now = System.nanoTime();
        if (areApplied(position, now, projections)) {
            return;
        }
        if (!waiting.tryAcquire()) {
            throw notReached();
        }
        try {
            if (!areApplied(position, deadline, projections)) {
                throw notReached();
            }
        } finally {
            waiting.release();
        }
    }

    private boolean areApplied(Position position, long deadline, String... projections) {
        return Arrays.stream(projections).allMatch(projection -> positions.await(projection, position, deadline));
    }

    private static ProblemException notReached() {
        return Problems.unavailable(
                "POSITION_NOT_REACHED", "The view does not know of that write yet. Try again later.");
    }

    private static Position parse(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw ReadAfter.invalidPosition();
        }
    }
}
