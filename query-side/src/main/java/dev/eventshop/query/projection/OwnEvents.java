package dev.eventshop.query.projection;

import dev.eventshop.eventstore.AggregatePage;
import dev.eventshop.eventstore.Position;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.eventhandling.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a segment has events of its own between its token and a position. Each answer takes a few short statements
 * at most, however far away the position is: while it is not known, the answer is no, and the next one goes on from there.
 */
final class OwnEvents {

    /** That one answer takes. */
    private static final int PAGES = 5;

    private final Segment segment;
    private final Position upTo;
    private final Function<Position, AggregatePage> pages;

    /** Between {@link #asked} and there are none. */
    private Position looked = Position.START;

    private Position asked = Position.START;

    /** Token behind which there was one. */
    private @Nullable Position found;

    /** @param pages gives aggregates of the projection's types that have an event behind a position and up to {@code upTo} */
    OwnEvents(Segment segment, Position upTo, Function<Position, AggregatePage> pages) {
        this.segment = segment;
        this.upTo = upTo;
        this.pages = pages;
    }

    /** @return whether it is certain that there are none */
    boolean areNoneBehind(Position token) {
        if (token.equals(found)) {
            return false;
        }
        if (asked.isAfter(token) || token.isAfter(looked)) {
            looked = token;
        }
        asked = token;
        for (int page = 0; page < PAGES && upTo.isAfter(looked); page++) {
            AggregatePage next = pages.apply(looked);
            if (hasOwn(next.aggregateIds())) {
                found = token;
                return false;
            }
            looked = next.end();
        }
        return !upTo.isAfter(looked);
    }

    /** As Axon's SequentialPerAggregatePolicy and SimpleEventHandlerInvoker do it. */
    private boolean hasOwn(Set<String> aggregateIds) {
        return aggregateIds.stream().anyMatch(id -> segment.matches(Objects.hashCode(id)));
    }
}
