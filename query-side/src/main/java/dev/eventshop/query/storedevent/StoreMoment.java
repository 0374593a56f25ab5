package dev.eventshop.query.storedevent;

import dev.eventshop.eventstore.Position;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.web.Problems;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A place in the event store: one of the two. */
record StoreMoment(@Nullable Position position, @Nullable Instant time) {

    /** @return null for none */
    static @Nullable StoreMoment parse(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.matches("\\d+-\\d+-\\d+") && !text.matches("\\d{4}-\\d{2}-\\d{2}")) { // a date is not a position
            try {
                return new StoreMoment(Position.parse(text), null);
            } catch (IllegalArgumentException tooLong) {
                throw Problems.invalid(name, "must be a position in the event store, an instant or a date");
            }
        }
        return new StoreMoment(null, QueryParameters.instant(name, text));
    }

    /** Refuses a part of the store that ends before it begins, as far as the two are of one kind. */
    static void ordered(@Nullable StoreMoment from, @Nullable StoreMoment to) {
        if (from == null || to == null) {
            return;
        }
        QueryParameters.ordered(from.time, to.time);
        if (from.position != null && to.position != null && from.position.isAfter(to.position)) {
            throw Problems.invalid("to", "must not be before from");
        }
    }
}
