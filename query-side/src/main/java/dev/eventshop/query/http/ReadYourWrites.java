package dev.eventshop.query.http;

import dev.eventshop.eventstore.Position;
import dev.eventshop.query.projection.AppliedPositions;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import dev.eventshop.web.ReadAfter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
     * Asks a query when all the projections have applied the position, and again when one of the views was emptied for a
     * replay meanwhile. Call it outside of any transaction: it may take seconds. Only so many requests wait at the same
     * time, since each has a thread, and the others need some.
     *
     * @param query reads nothing but the views of these projections; what it throws counts as its answer
     * @throws ProblemException 422 on a malformed position, 503 when the time is over, or too many wait already
     */
    public <T> T answer(ReadAfter after, Supplier<T> query, String... projections) {
        String text = after.position();
        if (text == null) {
            return query.get();
        }
        Position position = parse(text);
        long deadline = System.nanoTime() + patience(after).toNanos();
        while (true) {
            List<Long> resets = resets(projections);
            await(position, resets, deadline, projections);
            Supplier<T> answer = asked(query);
            if (resets.equals(resets(projections))) {
                return answer.get();
            }
        }
    }

    private Duration patience(ReadAfter after) {
        return after.patience().compareTo(longest) > 0 ? longest : after.patience();
    }

    private List<Long> resets(String... projections) {
        return Arrays.stream(projections).map(positions::resets).toList();
    }

    private static <T> Supplier<T> asked(Supplier<T> query) {
        try {
            T answer = query.get();
            return () -> answer;
        } catch (ProblemException problem) { // "no such order" may be wrong as well
            return () -> {
                throw problem;
            };
        }
    }

    private void await(Position position, List<Long> resets, long deadline, String... projections) {
        long now = System.nanoTime();
        if (areApplied(position, resets, now, projections)) {
            return;
        }
        if (!waiting.tryAcquire()) {
            throw notReached();
        }
        try {
            if (!areApplied(position, resets, deadline, projections)) {
                throw notReached();
            }
        } finally {
            waiting.release();
        }
    }

    private boolean areApplied(Position position, List<Long> resets, long deadline, String... projections) {
        return IntStream.range(0, projections.length)
                .allMatch(i -> positions.await(projections[i], position, resets.get(i), deadline));
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
