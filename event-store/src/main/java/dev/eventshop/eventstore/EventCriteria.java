package dev.eventshop.eventstore;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events to look for: those that have all that is given.
 *
 * @param types  logical names, as they are stored; empty for all
 * @param from   of that time or later, by the writer's clock; null for no bound
 * @param before before that time; null for no bound
 */
public record EventCriteria(
        Set<String> types, @Nullable Instant from, @Nullable Instant before) {

    public EventCriteria {
        types = Set.copyOf(types);
    }

    boolean isEverything() {
        return types.isEmpty() && from == null && before == null;
    }
}
