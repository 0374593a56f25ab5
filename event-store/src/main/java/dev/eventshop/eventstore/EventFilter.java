package dev.eventshop.eventstore;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant.
 *
 * @param types       logical names; not empty
 * @param aggregateId of which aggregate; null for all of them
 */
public record EventFilter(Set<String> types, @Nullable String aggregateId) {

    public EventFilter {
        types = Set.copyOf(types);
    }
}
