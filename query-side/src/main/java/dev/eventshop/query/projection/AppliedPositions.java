package dev.eventshop.query.projection;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.TailMonitor;
import dev.eventshop.eventstore.TokenStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonframework.eventhandling.Segment;

/**
 * Knows how far the projections have come: what is applied is committed, and readers see it.
 *
 * <p>Of the segments that this instance works on, the processor knows it, in memory. Of the others only the token in the
 * database does, and that of a segment without work is stored every few seconds only. So for those the events in between
 * are looked at: a segment has applied a position when no event up to it is the segment's own that its token does not
 * cover.
 */
public final class AppliedPositions {

    private static final long LOCAL_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long REMOTE_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int PAGE = 1_000;

    private final Projections projections;
    private final ProjectionFlags flags;
    private final Function<String, List<TokenStatus>> stored;
    private final EventLog events;
    private final TailMonitor tail;

    /** @param stored the tokens of a projection as they are in the database */
    AppliedPositions(
            Projections projections,
            ProjectionFlags flags,
            Function<String, List<TokenStatus>> stored,
            EventLog events,
            TailMonitor tail) {
        this.projections = projections;
        this.flags = flags;
        this.stored = stored;
        this.events = events;
        this.tail = tail;
    }

    /**
     * Waits for a position. A view that is emptied afterwards knows nothing of it any more: whoever reads it compares
     * {@link #resets} from before the call with those after the read.
     *
     * @param resets   how often the view has been emptied
     * @param deadline by {@link System#nanoTime()}
     * @return false when the time was over before, or the thread was interrupted
     */
    public boolean await(String projection, Position position, long resets, long deadline) {
        Check check = new Check(projection, position, resets);
        while (!check.isApplied()) {
            long remaining = deadline - System.nanoTime();
            if (remaining <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(Math.min(remaining, LOCAL_PAUSE));
        }
        return true;
    }

    /** @return whether all segments have applied the position by now */
    public boolean isApplied(String projection, Position position) {
        return new Check(projection, position, resets(projection)).isApplied();
    }

    /** @return how often the view has been emptied, as committed in the database */
    public long resets(String projection) {
        return flags.resets(projection);
    }

    /** @return the position that all segments have passed at least; {@link Position#START} before there are any */
    public Position reached(String projection) {
        return segments(projection).values().stream().min(Position::compareTo).orElse(Position.START);
    }

    private Map<Integer, Position> segments(String projection) {
        Map<Integer, Position> positions = new HashMap<>();
        stored.apply(projection).forEach(token -> positions.put(token.segment(), token.position()));
        projections
                .processor(projection)
                .positions(resets(projection))
                .forEach((segment, position) ->
                        positions.computeIfPresent(segment, (same, token) -> max(token, position)));
        return positions;
    }

    private static Position max(Position one, Position other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** One question, asked until the answer is yes. */
    private final class Check {

        private final ProjectionProcessor processor;
        private final Position position;
        private final long resets;

        /** What is looked for by segment. */
        private final Map<Integer, OwnEvents> own = new HashMap<>();

        private long nextLook = System.nanoTime();

        Check(String projection, Position position, long resets) {
            this.processor = projections.processor(projection);
            this.position = position;
            this.resets = resets;
        }

        boolean isApplied() {
            Map<Integer, Position> local = processor.positions(resets);
            for (Position reached : local.values()) {
                if (position.isAfter(reached)) {
                    return false;
                }
            }
            return local.size() >= processor.projection().segments() || areOthersThere(local);
        }

        private boolean areOthersThere(Map<Integer, Position> local) {
            if (System.nanoTime() - nextLook < 0) {
                return false;
            }
            nextLook = System.nanoTime() + REMOTE_PAUSE;
            return areThere(local);
        }

        /** @param local segments that need no look */
        private boolean areThere(Map<Integer, Position> local) {
            List<TokenStatus> tokens = stored.apply(processor.projection().name());
            if (tokens.isEmpty()) {
                return position.equals(Position.START);
            }
            int[] ids = tokens.stream().mapToInt(TokenStatus::segment).toArray();
            for (TokenStatus token : tokens) {
                boolean there = local.containsKey(token.segment())
                        || !position.isAfter(token.position())
                        || hasNothingLeft(Segment.computeSegment(token.segment(), ids), token.position());
                if (!there) {
                    return false;
                }
            }
            return true;
        }

        private boolean hasNothingLeft(Segment segment, Position token) {
            if (position.isAfter(tail.head())) {
                return false; // not readable yet
            }
            Set<String> types = processor.projection().aggregateTypes();
            return own.computeIfAbsent(
                            segment.getSegmentId(),
                            id -> new OwnEvents(
                                    segment, position, after -> events.aggregates(after, position, types, PAGE)))
                    .areNoneBehind(token);
        }
    }
}
