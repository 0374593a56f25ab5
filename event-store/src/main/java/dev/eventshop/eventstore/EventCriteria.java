package dev.eventshop.eventstore;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events to look for: those that have all that is given.
 *
 * @param types       logical names, as they are stored; empty for all
 * @param aggregateId of which aggregate; null for all of them
 * @param from        of that time or later, by the writer's clock; null for no bound
 * @param before      before that time; null for no bound
 */
public record EventCriteria(
        Set<String> types,
        @Nullable String aggregateId,
        @Nullable Instant from,
        @Nullable Instant before) {

    public EventCriteria {
        types = Set.copyOf(types);
    }

    boolean isEverything() {
        return types.isEmpty() && aggregateId == null && from == null && before == null;
    }
}
