package dev.eventshop.query.projection;

import java.util.Set;

/**
 * What is set apart of one aggregate's events.
 *
 * @param first  lowest sequence number that is, {@link Long#MAX_VALUE} when none is
 * @param last   highest, -1 when none is
 * @param passed those that were discarded, and are to be passed over whenever they come
 */
record ParkedSequence(long first, long last, Set<Long> passed) {

    static final ParkedSequence NONE = new ParkedSequence(Long.MAX_VALUE, -1, Set.of());

    ParkedSequence {
        passed = Set.copyOf(passed);
    }

    /** @return whether the event is set apart already */
    boolean holds(long sequenceNumber) {
        return first <= sequenceNumber && sequenceNumber <= last;
    }

    /** @return whether the event has to wait for those that are set apart */
    boolean isBefore(long sequenceNumber) {
        return first <= last && last < sequenceNumber;
    }

    /** @return with the event as the last one that is set apart */
    ParkedSequence with(long sequenceNumber) {
        return new ParkedSequence(Math.min(first, sequenceNumber), sequenceNumber, passed);
    }
}
