package dev.eventshop.eventstore;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlParameterValue;

/**
 * Looks through the stored events in either direction, for people who browse. The whole store is read below the horizon
 * and in its order, as {@link EventLog} reads it, so what a reader has passed can't change; one aggregate is read in the
 * order of its sequence numbers, up to its last event.
 *
 * <p>There is no index on types and times, since every append would pay for it. So a search goes by steps: each looks at
 * a bounded number of rows, by the primary key or by the key of aggregate and sequence number, and takes some ten
 * milliseconds, whatever the size of the store and however few events are meant. Who looks for a few events of a rare
 * type in a store of millions takes many steps, and may pause between any two.
 *
 * <p>Statements bound the rows before they choose among them. Without that PostgreSQL would take an index by its guess
 * of a comparison of rows, of which it looks at the first column only, or sort the whole table.
 */
public final class EventSearch {

    private static final int ROWS_OF_A_STEP = 20_000;

    /** How far the times of events may be out of order for a period to be complete. */
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private static final String PLACE = "(epoch, transaction_id, global_index)";
    private static final String IN_RANGE =
            PLACE + " > (?, cast(? as xid8), ?) and " + PLACE + " < (?, cast(? as xid8), ?)";
    private static final String OF_AGGREGATE = "aggregate_id = ? and sequence_number > ? and sequence_number < ?";

    private final JdbcTemplate jdbc;
    private final EventLog events;
    private final int rowsOfAStep;

    /** @param dataSource of a role that may read the schema {@code event_store} */
    public EventSearch(DataSource dataSource, EventLog events) {
        this(dataSource, events, ROWS_OF_A_STEP);
    }

    EventSearch(DataSource dataSource, EventLog events, int rowsOfAStep) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.events = events;
        this.rowsOfAStep = rowsOfAStep;
    }

    /** @return all that can be read now, below the horizon */
    public EventRange readable() {
        return readable(events.head());
    }

    /** @param head not beyond {@link EventLog#head()} */
    public EventRange readable(Position head) {
        return new EventRange(Position.START, behind(head));
    }

    /** @return the part of it up to and with that position */
    public static EventRange upTo(EventRange range, Position position) {
        return range.aheadOf(behind(position));
    }

    /**
     * @return the part of it with all events of that moment and later, and some before; complete as far as
     *     {@link EventLog#before(Instant)} is exact
     */
    public EventRange from(EventRange range, Instant time) {
        return range.behind(events.before(time));
    }

    /** @return the part of it with all events before that moment, and some later; complete as {@link #from} */
    public EventRange before(EventRange range, Instant time) {
        return upTo(range, events.before(time.plus(DISORDER)));
    }

    private static Position behind(Position position) {
        return new Position(position.epoch(), position.transactionId(), position.globalIndex() + 1);
    }

    /**
     * One step through the store.
     *
     * @param range what is left to look at
     * @param limit most events to find
     */
    public SearchStep<Position> next(EventRange range, boolean newestFirst, EventCriteria criteria, int limit) {
        if (!range.before().isAfter(range.after())) {
            return new SearchStep<>(List.of(), null);
        }
        String order = order(newestFirst, "epoch", "transaction_id", "global_index");
        List<Object> ends = arguments(range);
        if (criteria.isEverything()) {
            List<StoredEvent> found = jdbc.query(
                    select("event_store.domain_event where " + IN_RANGE + order + " limit ?"),
                    EventLog.EVENT,
                    with(ends, limit));
            return new SearchStep<>(
                    found, found.size() < limit ? null : last(found).position());
        }
        Position edge = jdbc
                .query(
                        "select epoch, transaction_id, global_index from event_store.domain_event where " + IN_RANGE
                                + order + " offset ? limit 1",
                        (row, number) -> EventLog.position(row, 1),
                        with(ends, rowsOfAStep - 1))
                .stream()
                .findFirst()
                .orElse(null);
        List<Object> arguments = new ArrayList<>(ends);
        arguments.add(rowsOfAStep);
        List<StoredEvent> found = chosen(
                select("event_store.domain_event where " + IN_RANGE + order + " limit ?"),
                arguments,
                criteria,
                new StringJoiner(" and "),
                order,
                limit);
        return new SearchStep<>(found, found.size() < limit ? edge : last(found).position());
    }

    /**
     * One step through the events of one aggregate.
     *
     * @param range  outside of which no event is meant; null for no bound
     * @param after  sequence number before those that are left to look at, -1 for all
     * @param before sequence number behind them; when it is beyond the aggregate's last event, steps may find nothing
     * @param limit  most events to find
     */
    public SearchStep<Long> next(
            String aggregateId,
            @Nullable EventRange range,
            long after,
            long before,
            boolean newestFirst,
            EventCriteria criteria,
            int limit) {
        if (before - 1 <= after) {
            return new SearchStep<>(List.of(), null);
        }
        String order = order(newestFirst, "sequence_number");
        String rows = select("event_store.domain_event where " + OF_AGGREGATE + order + " limit ?");
        if (range == null && criteria.isEverything()) {
            List<StoredEvent> found = jdbc.query(rows, EventLog.EVENT, aggregateId, after, before, limit);
            return new SearchStep<>(
                    found, found.size() < limit ? null : last(found).sequenceNumber());
        }
        long first = newestFirst ? Math.max(after, before - rowsOfAStep - 1) : after;
        long end = newestFirst ? before : Math.min(before, after + rowsOfAStep + 1);
        List<Object> arguments = new ArrayList<>(List.of(aggregateId, first, end, rowsOfAStep));
        StringJoiner conditions = new StringJoiner(" and ");
        if (range != null) {
            conditions.add(IN_RANGE);
            arguments.addAll(arguments(range));
        }
        List<StoredEvent> found = chosen(rows, arguments, criteria, conditions, order, limit);
        if (found.size() == limit) {
            return new SearchStep<>(found, last(found).sequenceNumber());
        }
        boolean isEnd = newestFirst ? first == after : end == before;
        return new SearchStep<>(found, isEnd ? null : newestFirst ? first + 1 : end - 1);
    }

    /** @param conditions may be none when the criteria have one */
    private List<StoredEvent> chosen(
            String rows,
            List<Object> arguments,
            EventCriteria criteria,
            StringJoiner conditions,
            String order,
            int limit) {
        if (!criteria.types().isEmpty()) {
            conditions.add("event_type = any(?)");
            arguments.add(criteria.types().toArray(String[]::new));
        }
        if (criteria.aggregateId() != null) {
            conditions.add("aggregate_id = ?");
            arguments.add(criteria.aggregateId());
        }
        Instant from = criteria.from();
        if (from != null) {
            conditions.add("time >= ?");
            arguments.add(time(from));
        }
        Instant before = criteria.before();
        if (before != null) {
            conditions.add("time < ?");
            arguments.add(time(before));
        }
        return jdbc.query(
                select("(" + rows + ") looked_at where " + conditions + order + " limit ?"),
                EventLog.EVENT,
                with(arguments, limit));
    }

    private static String select(String from) {
        return "select " + EventLog.COLUMNS + " from " + from;
    }

    private static String order(boolean descending, String... columns) {
        return " order by " + String.join(descending ? " desc, " : ", ", columns) + (descending ? " desc" : "");
    }

    private static SqlParameterValue time(Instant time) {
        return new SqlParameterValue(Types.TIMESTAMP_WITH_TIMEZONE, time.atOffset(ZoneOffset.UTC));
    }

    private static List<Object> arguments(EventRange range) {
        Position after = range.after();
        Position before = range.before();
        return List.of(
                after.epoch(),
                Long.toString(after.transactionId()),
                after.globalIndex(),
                before.epoch(),
                Long.toString(before.transactionId()),
                before.globalIndex());
    }

    private static Object[] with(List<Object> arguments, int last) {
        List<Object> all = new ArrayList<>(arguments);
        all.add(last);
        return all.toArray();
    }

    private static StoredEvent last(List<StoredEvent> found) {
        return found.get(found.size() - 1);
    }
}
