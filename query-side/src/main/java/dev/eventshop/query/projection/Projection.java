package dev.eventshop.query.projection;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A read model, and how it is made.
 *
 * @param name           the processing group: key of the tokens, and what operators call it
 * @param version        of what it makes of the events, from 1 on. With a higher one than that of the code that has filled
 *                       the live slot, the projection is rebuilt side by side, by itself; instances with a lower one leave
 *                       the live slot alone
 * @param aggregateTypes whose events it is made of
 * @param segments       into which the events are split by aggregate; a projection whose rows are shared by aggregates has
 *                       one. Fixed when the tokens are made
 * @param rows           by which it can be told what was applied
 * @param tables         that it writes, without the letter of the slot
 * @param divisible      whether each row of each table is of one aggregate alone, whose number the column
 *                       {@link Rows#key()} has in all of them: then what was made of some aggregates can be made anew,
 *                       and the rest left alone
 * @param projector      makes an object with event handlers that write into a slot. It works on whatever unit of work
 *                       delivers the events, Axon's processor or a reader of another kind, in batches of any size. Where
 *                       its rows have versions it also handles {@link DiscardedEvent}
 */
public record Projection(
        String name,
        int version,
        Set<String> aggregateTypes,
        int segments,
        Rows rows,
        List<String> tables,
        boolean divisible,
        Function<Slot, Object> projector) {

    public Projection {
        if (version < 1) {
            throw new IllegalArgumentException("version of " + name + " must be at least 1");
        }
        aggregateTypes = Set.copyOf(aggregateTypes);
        tables = List.copyOf(tables);
    }

    /** @return the number in the id of an aggregate, such as 17 in {@code product-17} */
    public static int number(String aggregateId) {
        return Integer.parseInt(aggregateId.substring(aggregateId.lastIndexOf('-') + 1));
    }

    /**
     * The rows that have the version of an aggregate: the sequence number of its last event that was applied.
     *
     * @param view          that readers see, with a column {@code version}
     * @param key           its column with the aggregate's number
     * @param aggregateType of that number
     * @param eventTypes    that move the version
     */
    public record Rows(String view, String key, String aggregateType, Set<String> eventTypes) {

        public Rows {
            eventTypes = Set.copyOf(eventTypes);
        }

        /** @return rows whose version is moved by all events of the aggregate */
        public static Rows ofAll(String view, String key, String aggregateType) {
            return new Rows(
                    view,
                    key,
                    aggregateType,
                    EventRegistry.all().stream()
                            .filter(type -> type.aggregateType().equals(aggregateType))
                            .map(EventType::name)
                            .collect(Collectors.toUnmodifiableSet()));
        }
    }
}
