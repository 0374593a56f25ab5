package dev.eventshop.eventstore;

import java.util.Set;

/**
 * Some aggregates, and how far the events were looked at for them.
 *
 * @param end behind which the next page begins
 */
public record AggregatePage(Set<String> aggregateIds, Position end) {

    public AggregatePage {
        aggregateIds = Set.copyOf(aggregateIds);
    }
}
