package dev.eventshop.query.storedevent;

import dev.eventshop.eventstore.EventCriteria;
import dev.eventshop.eventstore.Position;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for; what is null does not restrict.
 *
 * @param types as they are stored; empty for all
 * @param from behind that position, or of that time and later
 * @param to   up to and with that position, or before that time
 */
record EventQuery(
        Set<String> types,
        @Nullable StoreMoment from,
        @Nullable StoreMoment to,
        boolean newestFirst) {

    EventCriteria criteria() {
        return new EventCriteria(types, null, fromTime(), toTime());
    }

    @Nullable
    Instant fromTime() {
        return from == null ? null : from.time();
    }

    @Nullable
    Instant toTime() {
        return to == null ? null : to.time();
    }

    @Nullable
    Position fromPosition() {
        return from == null ? null : from.position();
    }

    @Nullable
    Position toPosition() {
        return to == null ? null : to.position();
    }
}
