package dev.eventshop.query.projection;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A read model, and how it is made.
 *
 * @param name           the processing group: key of the tokens, and what operators call it
 * @param aggregateTypes whose events it is made of
 * @param segments       into which the events are split by aggregate; a projection whose rows are shared by aggregates has
 *                       one. Fixed when the tokens are made
 * @param tables         that it writes, without the letter of the slot
 * @param projector      makes an object with event handlers that write into a slot. It works on whatever unit of work
 *                       delivers the events, Axon's processor or a reader of another kind, in batches of any size
 */
public record Projection(
        String name, Set<String> aggregateTypes, int segments, List<String> tables, Function<Slot, Object> projector) {

    public Projection {
        aggregateTypes = Set.copyOf(aggregateTypes);
        tables = List.copyOf(tables);
    }
}
