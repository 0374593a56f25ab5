package dev.eventshop.eventstore;

/**
 * A part of the store, without its ends.
 *
 * @param after  just before its first event
 * @param before just behind its last event; when this is not after {@code after}, it is empty
 */
public record EventRange(Position after, Position before) {

    /** @return the part of it behind that position */
    public EventRange behind(Position position) {
        return position.isAfter(after) ? new EventRange(position, before) : this;
    }

    /** @return the part of it before that position */
    public EventRange aheadOf(Position position) {
        return before.isAfter(position) ? new EventRange(after, position) : this;
    }
}
