package dev.eventshop.eventstore;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * A place in the event store: just behind one event. Positions are totally ordered, and a reader that is at one has seen
 * every event up to it, for good: what a reader gets lies below the horizon, where nothing can be committed any more.
 *
 * @param epoch         ascends with the clusters that the store has lived in, from 1, with gaps; 0 before every event
 * @param transactionId PostgreSQL's 64-bit id of the transaction that appended the event; means something within its
 *                      epoch only
 * @param globalIndex   order within the transaction, and unique in the store
 */
public record Position(int epoch, long transactionId, long globalIndex) implements TrackingToken, Comparable<Position> {

    /** Before every event. */
    public static final Position START = new Position(0, 0, 0);

    private static final Comparator<Position> ORDER = Comparator.comparingInt(Position::epoch)
            .thenComparingLong(Position::transactionId)
            .thenComparingLong(Position::globalIndex);

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})-(\\d{1,18})");

    public Position {
        if (epoch < 0 || transactionId < 0 || globalIndex < 0) {
            throw new IllegalArgumentException("a position has no negative parts");
        }
    }

    /**
     * @param text what {@link #toString()} has made
     * @throws IllegalArgumentException when it is something else
     */
    public static Position parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a position in the event store");
        }
        return new Position(
                Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)));
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** No token at all is before every event. */
    @Override
    public @Nullable TrackingToken lowerBound(@Nullable TrackingToken other) {
        return other == null || of(other).compareTo(this) < 0 ? other : this;
    }

    @Override
    public TrackingToken upperBound(@Nullable TrackingToken other) {
        return other == null || of(other).compareTo(this) <= 0 ? this : other;
    }

    @Override
    public boolean covers(@Nullable TrackingToken other) {
        return other == null || of(other).compareTo(this) <= 0;
    }

    @Override
    public boolean samePositionAs(@Nullable TrackingToken other) {
        return other != null && of(other).equals(this);
    }

    private static Position of(TrackingToken token) {
        if (token instanceof Position position) {
            return position;
        }
        throw new IllegalArgumentException(
                "incompatible token type " + token.getClass().getName());
    }

    /** The global index, for progress displays: it grows with the store, but not strictly with the position. */
    @Override
    public OptionalLong position() {
        return OptionalLong.of(globalIndex);
    }

    /** @return an opaque form for clients, for example {@code 1-7431-99} */
    @Override
    public String toString() {
        return epoch + "-" + transactionId + "-" + globalIndex;
    }
}
