package dev.eventshop.query.projection;

import dev.eventshop.events.registry.EventRegistry;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The events that projections have set apart, in PostgreSQL, in the caller's transaction. Only where they are is kept; what
 * they say is in the event store, and is brought to today's revision when they are tried again.
 */
public final class ParkedEvents {

    private static final String ANY = "select exists (select from dead_letter where projection = ?)";

    private static final String SEQUENCES = """
            select aggregate_id, min(sequence_number) filter (where state <> 'PASSED'),
                   max(sequence_number) filter (where state <> 'PASSED'),
                   array_agg(sequence_number) filter (where state = 'PASSED')
            from dead_letter where projection = ? and aggregate_id = any(?) group by aggregate_id""";

    /** Locks the sequence: whoever tries it again at the moment is done before, or does not see these. */
    private static final String SEQUENCE = """
            insert into dead_sequence as s (projection, aggregate_id, next_attempt_at)
            select ?, aggregate_id, clock_timestamp() + cast(? as interval) from unnest(?) as aggregate_id order by 2
            on conflict (projection, aggregate_id) do update set next_attempt_at = s.next_attempt_at""";

    private static final String LETTER = """
            insert into dead_letter (projection, aggregate_id, sequence_number, event_type, state, error_class, error,
                                     stack_trace, attempts, parked_at)
            values (?, ?, ?, ?, 'PARKED', ?, ?, ?, ?, clock_timestamp())
            on conflict (projection, aggregate_id, sequence_number) do nothing""";

    private final JdbcOperations jdbc;
    private final Duration firstRetry;

    /** @param firstRetry after which an event is tried again */
    ParkedEvents(JdbcOperations jdbc, Duration firstRetry) {
        this.jdbc = jdbc;
        this.firstRetry = firstRetry;
    }

    /** @return what is set apart of these aggregates' events; nothing for those of which nothing is */
    Map<String, ParkedSequence> of(String projection, Collection<String> aggregateIds) {
        Map<String, ParkedSequence> sequences = new HashMap<>();
        if (Boolean.TRUE.equals(jdbc.queryForObject(ANY, Boolean.class, projection))) {
            jdbc.query(
                    SEQUENCES,
                    row -> {
                        sequences.put(row.getString(1), sequence(row));
                    },
                    projection,
                    aggregateIds.toArray(String[]::new));
        }
        return sequences;
    }

    private static ParkedSequence sequence(ResultSet row) throws SQLException {
        Long first = row.getObject(2, Long.class);
        Long last = row.getObject(3, Long.class);
        Array passed = row.getArray(4);
        return new ParkedSequence(
                first == null ? Long.MAX_VALUE : first,
                last == null ? -1 : last,
                passed == null ? Set.of() : Set.of((Long[]) passed.getArray()));
    }

    /** @param letters in the order of the events; those that are set apart already stay as they are */
    void park(String projection, List<Letter> letters) {
        if (letters.isEmpty()) {
            return;
        }
        Set<String> aggregates = new TreeSet<>();
        letters.forEach(letter -> aggregates.add(letter.aggregateId()));
        jdbc.update(SEQUENCE, projection, firstRetry.toMillis() + " milliseconds", aggregates.toArray(String[]::new));
        jdbc.batchUpdate(LETTER, letters, letters.size(), (statement, letter) -> {
            statement.setString(1, projection);
            statement.setString(2, letter.aggregateId());
            statement.setLong(3, letter.sequenceNumber());
            statement.setString(4, letter.eventType());
            statement.setString(5, letter.errorClass());
            statement.setString(6, letter.error());
            statement.setString(7, letter.stackTrace());
            statement.setInt(8, letter.error() == null ? 0 : 1);
        });
    }

    /** @return how many events are set apart, by projection; those of which none is are missing */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        jdbc.query("select projection, count(*) from dead_letter where state = 'PARKED' group by projection", row -> {
            counts.put(row.getString(1), row.getLong(2));
        });
        return counts;
    }

    /**
     * @param errorClass with error and stackTrace: what was wrong; null for an event that has to wait for those before it
     */
    record Letter(
            String aggregateId,
            long sequenceNumber,
            String eventType,
            @Nullable String errorClass,
            @Nullable String error,
            @Nullable String stackTrace) {

        static Letter of(DomainEventMessage<?> event, @Nullable Throwable cause) {
            EventRetry.Failure failure = cause == null ? null : EventRetry.Failure.of(event, cause);
            return new Letter(
                    event.getAggregateIdentifier(),
                    event.getSequenceNumber(),
                    EventRegistry.of(event.getPayloadType()).name(),
                    failure == null ? null : failure.errorClass(),
                    failure == null ? null : failure.error(),
                    failure == null ? null : failure.stackTrace());
        }
    }
}
