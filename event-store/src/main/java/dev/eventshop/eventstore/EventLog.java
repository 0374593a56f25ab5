package dev.eventshop.eventstore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/**
 * The stored events, read by plain SQL. Takes part in Spring's transaction when there is one; errors are Spring's
 * {@link org.springframework.dao.DataAccessException}, where a retry may help with the transient ones.
 *
 * <p>Readers of the tail get events in the order of (epoch, transaction id, global index), and only those below the
 * horizon: of transactions that are older than every transaction still running. So nothing can turn up behind a reader,
 * however late a transaction commits. The price is that a long transaction anywhere in the cluster holds the tail back;
 * see {@link #horizonHolder()}. Never read the tail from a replica.
 */
public final class EventLog {

    static final String COLUMNS = "epoch, transaction_id, global_index, event_id, aggregate_type, aggregate_id,"
            + " sequence_number, event_type, event_revision, time, payload, metadata";

    static final RowMapper<StoredEvent> EVENT = (row, number) -> event(row, 1);

    /** As one comparison of rows, so that the index gives the end of the scan as well. */
    private static final String BELOW_HORIZON = "(epoch, transaction_id)"
            + " < ((select max(epoch) from event_store.cluster), pg_snapshot_xmin(pg_current_snapshot()))";

    private static final String AFTER = "(epoch, transaction_id, global_index) > (?, cast(? as xid8), ?)";
    private static final String UP_TO = "(epoch, transaction_id, global_index) <= (?, cast(? as xid8), ?)";
    private static final String IN_ORDER = " order by epoch, transaction_id, global_index";
    private static final String FROM_THE_END = " order by epoch desc, transaction_id desc, global_index desc";
    private static final String ALL = " from event_store.domain_event where ";

    static final String TAIL = "select " + COLUMNS + ALL + AFTER + " and " + BELOW_HORIZON + IN_ORDER + " limit ?";
    private static final String BOUNDED_TAIL =
            "select " + COLUMNS + ALL + AFTER + " and " + UP_TO + " and " + BELOW_HORIZON + IN_ORDER + " limit ?";
    private static final String OF_TYPES = " where aggregate_type = any(?)";
    static final String HEAD =
            "select epoch, transaction_id, global_index" + ALL + BELOW_HORIZON + FROM_THE_END + " limit 1";
    private static final String STREAM =
            "select " + COLUMNS + ALL + "aggregate_id = ? and sequence_number >= ? order by sequence_number";
    private static final String EVENT_OF = "select " + COLUMNS + ALL + "aggregate_id = ? and sequence_number = ?";
    static final String STREAM_HEAD = "select sequence_number, epoch, transaction_id, global_index" + ALL
            + "aggregate_id = ? order by sequence_number desc limit 1";

    private static final String FILTERED = " and event_type = any(?)";
    private static final String OF_AGGREGATE = " and aggregate_id = ?";

    /** Rows that one statement looks at in search of the events that are meant, so that it takes a moment only. */
    private static final int ROWS_OF_A_STATEMENT = 20_000;

    /** Events of a page, whose aggregates are looked up one by one. */
    private static final int ROWS_OF_AGGREGATES = 2_000;

    /** How far the times of events may be out of order for {@link #before(Instant)} to be exact. */
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private final JdbcTemplate jdbc;
    private final int rowsOfAStatement;

    /** @param dataSource of a role that may read the schema {@code event_store} */
    public EventLog(DataSource dataSource) {
        this(dataSource, ROWS_OF_A_STATEMENT);
    }

    EventLog(DataSource dataSource, int rowsOfAStatement) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.rowsOfAStatement = rowsOfAStatement;
    }

    /**
     * @param after {@link Position#START} to begin
     * @return the next events below the horizon, at most {@code limit}; empty when there is nothing to read now
     */
    public List<StoredEvent> readTail(Position after, int limit) {
        return jdbc.query(TAIL, EVENT, after.epoch(), text(after), after.globalIndex(), limit);
    }

    /** The same, up to and including {@code upTo}. */
    public List<StoredEvent> readTail(Position after, Position upTo, int limit) {
        return jdbc.query(
                BOUNDED_TAIL,
                EVENT,
                after.epoch(),
                text(after),
                after.globalIndex(),
                upTo.epoch(),
                text(upTo),
                upTo.globalIndex(),
                limit);
    }

    /**
     * Pages through the events of some types of aggregates. Each page costs one short statement or two, however few events
     * are of those.
     *
     * @param upTo  not beyond {@link #head()}; the last page ends there
     * @param limit most events of a page
     */
    public EventPage readPage(Position after, Position upTo, Set<String> aggregateTypes, int limit) {
        List<StoredEvent> events =
                jdbc.query(pageOfTypes(), EVENT, between(after, upTo, aggregateTypes.toArray(String[]::new), limit));
        return new EventPage(
                events,
                events.size() < limit
                        ? lookAhead(after, upTo)
                        : events.get(events.size() - 1).position());
    }

    String pageOfTypes() {
        return "select " + COLUMNS + looked(COLUMNS, " and " + BELOW_HORIZON) + OF_TYPES + IN_ORDER + " limit ?";
    }

    /** The rows between two positions that one statement looks at; when it has enough of them, it does not read the others. */
    private String looked(String columns, String condition) {
        return " from (select " + columns + ALL + AFTER + " and " + UP_TO + condition + IN_ORDER + " limit "
                + rowsOfAStatement + ") looked";
    }

    /**
     * Pages through the events that a filter lets through. Each page costs one short statement or two, however few events
     * it lets through.
     *
     * @param upTo  not beyond {@link #head()}; the last page ends there
     * @param limit most events of a page
     */
    public EventPage readPage(Position after, Position upTo, EventFilter filter, int limit) {
        Position end = lookAhead(after, upTo, filter);
        List<Object> arguments = arguments(after, end, filter);
        arguments.add(limit);
        List<StoredEvent> events = jdbc.query(
                "select " + COLUMNS + ALL + condition(filter) + IN_ORDER + " limit ?", EVENT, arguments.toArray());
        return new EventPage(
                events,
                events.size() < limit ? end : events.get(events.size() - 1).position());
    }

    /**
     * Counts the events between two positions that a filter lets through, in statements that are short each.
     *
     * @param upToInclusive not beyond {@link #head()}
     */
    public long countBetween(Position afterExclusive, Position upToInclusive, EventFilter filter) {
        long count = 0;
        Position after = afterExclusive;
        while (upToInclusive.isAfter(after)) {
            Position end = lookAhead(after, upToInclusive, filter);
            Long more = jdbc.queryForObject(
                    "select count(*)" + ALL + condition(filter),
                    Long.class,
                    arguments(after, end, filter).toArray());
            count += more == null ? 0 : more;
            after = end;
        }
        return count;
    }

    /** An aggregate's own events are found by an index. */
    private Position lookAhead(Position after, Position upTo, EventFilter filter) {
        return filter.aggregateId() == null ? lookAhead(after, upTo) : upTo;
    }

    /** @return up to where a statement looks that begins behind {@code after} */
    private Position lookAhead(Position after, Position upTo) {
        return first(jdbc.query(
                        "select epoch, transaction_id, global_index" + ALL + AFTER + " and " + UP_TO + IN_ORDER
                                + " offset ? limit 1",
                        (row, n) -> position(row, 1),
                        between(after, upTo, rowsOfAStatement - 1)))
                .orElse(upTo);
    }

    private static String condition(EventFilter filter) {
        return AFTER + " and " + UP_TO + FILTERED + (filter.aggregateId() == null ? "" : OF_AGGREGATE);
    }

    private static List<Object> arguments(Position after, Position upTo, EventFilter filter) {
        List<Object> arguments = new ArrayList<>(List.of(
                after.epoch(),
                text(after),
                after.globalIndex(),
                upTo.epoch(),
                text(upTo),
                upTo.globalIndex(),
                filter.types().toArray(String[]::new)));
        if (filter.aggregateId() != null) {
            arguments.add(filter.aggregateId());
        }
        return arguments;
    }

    /**
     * @return the committed events of one aggregate from that sequence number on, and those of the transaction that the
     *     caller is in; not bound to the horizon; empty when there are none
     */
    public List<StoredEvent> readStream(String aggregateId, long fromSequence) {
        return jdbc.query(STREAM, EVENT, aggregateId, fromSequence);
    }

    List<StoredEvent> readStream(String aggregateId, long fromSequence, int limit) {
        return jdbc.query(STREAM + " limit ?", EVENT, aggregateId, fromSequence, limit);
    }

    /** @return one event, committed or of the caller's transaction; not bound to the horizon; empty when there is none */
    public Optional<StoredEvent> event(String aggregateId, long sequenceNumber) {
        return first(jdbc.query(EVENT_OF, EVENT, aggregateId, sequenceNumber));
    }

    /** @return the last event of that aggregate, found by one look into the index; empty when it has none */
    public Optional<StreamHead> headOf(String aggregateId) {
        return first(
                jdbc.query(STREAM_HEAD, (row, n) -> new StreamHead(row.getLong(1), position(row, 2)), aggregateId));
    }

    /** @return the last position below the horizon, {@link Position#START} when there is none */
    public Position head() {
        return first(jdbc.query(HEAD, (row, n) -> position(row, 1))).orElse(Position.START);
    }

    /**
     * @return whether a reader of this store can be there: a reader stands at an event that it has read, and events stay.
     *     It can't when an older backup of the store was restored, without that event, whatever was written since then
     */
    public boolean isKnown(Position position) {
        return position.equals(Position.START)
                || Boolean.TRUE.equals(jdbc.queryForObject(
                        "select exists (select 1" + ALL
                                + "(epoch, transaction_id, global_index) = (?, cast(? as xid8), ?))",
                        Boolean.class,
                        position.epoch(),
                        text(position),
                        position.globalIndex()));
    }

    /**
     * @param reader for people
     * @throws AheadOfStoreException when it is not {@linkplain #isKnown known}
     */
    public void requireKnown(Position position, String reader) {
        if (!isKnown(position)) {
            throw new AheadOfStoreException(position, head(), reader);
        }
    }

    /**
     * Finds where to begin in order to read all events from a moment on. The times of events ascend with their
     * positions, but for the differences between the writers' clocks and the length of their transactions; while those
     * are below a minute, no event of that time or later lies before the result. The cost grows with the logarithm of
     * the store's size and with the events of a minute.
     *
     * @return the position just before the first event that has that time or a later one, below the horizon;
     *     {@link Position#START} when that is the first event
     */
    public Position before(Instant time) {
        Position head = head();
        Position from = Position.START;
        for (int epoch : epochs(head)) {
            Optional<Position> last = lastOf(epoch, head);
            if (last.isPresent()) {
                from = lastBefore(time.minus(DISORDER), epoch, from, last.get());
            }
        }
        Timestamp limit = Timestamp.from(time);
        Position start = from;
        Optional<Position> firstAtOrAfter = first(jdbc.query(
                "select epoch, transaction_id, global_index" + ALL + AFTER + " and " + UP_TO + " and time >= ?"
                        + IN_ORDER + " limit 1",
                (row, n) -> position(row, 1),
                start.epoch(),
                text(start),
                start.globalIndex(),
                head.epoch(),
                text(head),
                head.globalIndex(),
                limit));
        return firstAtOrAfter.map(this::predecessor).orElse(head);
    }

    /** Their numbers are not consecutive. */
    private List<Integer> epochs(Position head) {
        return jdbc.queryForList(
                "select epoch from event_store.cluster where epoch <= ? order by epoch", Integer.class, head.epoch());
    }

    /** Halves the transactions of the epoch until the times around one of them enclose the moment. */
    private Position lastBefore(Instant time, int epoch, Position from, Position last) {
        Position result = from;
        long low = 0;
        long high = last.transactionId();
        while (low <= high) {
            long middle = low + (high - low) / 2;
            Optional<Timed> next = first(jdbc.query(
                    "select time, epoch, transaction_id, global_index" + ALL + AFTER + " and " + UP_TO + IN_ORDER
                            + " limit 1",
                    (row, n) -> new Timed(instant(row, 1), position(row, 2)),
                    epoch,
                    Long.toString(middle),
                    0L,
                    last.epoch(),
                    text(last),
                    last.globalIndex()));
            if (next.isPresent() && next.get().time().isBefore(time)) {
                result = next.get().position();
                low = result.transactionId() + 1;
            } else {
                high = middle - 1;
            }
        }
        return result;
    }

    private Optional<Position> lastOf(int epoch, Position head) {
        return first(jdbc.query(
                "select epoch, transaction_id, global_index" + ALL + "epoch = ? and " + UP_TO + FROM_THE_END
                        + " limit 1",
                (row, n) -> position(row, 1),
                epoch,
                head.epoch(),
                text(head),
                head.globalIndex()));
    }

    private Position predecessor(Position position) {
        return first(jdbc.query(
                        "select epoch, transaction_id, global_index" + ALL
                                + "(epoch, transaction_id, global_index) < (?, cast(? as xid8), ?)" + FROM_THE_END
                                + " limit 1",
                        (row, n) -> position(row, 1),
                        position.epoch(),
                        text(position),
                        position.globalIndex()))
                .orElse(Position.START);
    }

    /** @return how many events lie between two positions; counted, in short statements, so the cost grows with the number */
    public long countBetween(Position afterExclusive, Position upToInclusive) {
        return lookThrough(afterExclusive, upToInclusive, after -> {
            Long rows =
                    jdbc.queryForObject("select count(*)" + looked("1", ""), Long.class, between(after, upToInclusive));
            return rows == null ? new Looked(0, 0) : new Looked(rows, rows);
        });
    }

    /** The same, of some types of aggregates only. */
    public long countBetween(Position afterExclusive, Position upToInclusive, Set<String> aggregateTypes) {
        String[] types = aggregateTypes.toArray(String[]::new);
        return lookThrough(
                afterExclusive,
                upToInclusive,
                after -> jdbc.query(
                                "select count(*), count(*) filter (where aggregate_type = any(?))"
                                        + looked("aggregate_type", ""),
                                (row, n) -> new Looked(row.getLong(1), row.getLong(2)),
                                before(types, between(after, upToInclusive)))
                        .get(0));
    }

    /** @return how many were meant of all that lie between the positions */
    private long lookThrough(Position afterExclusive, Position upToInclusive, Function<Position, Looked> look) {
        long meant = 0;
        Position reached = afterExclusive;
        while (upToInclusive.isAfter(reached)) {
            Looked next = look.apply(reached);
            meant += next.meant();
            reached = next.rows() < rowsOfAStatement ? upToInclusive : lookAhead(reached, upToInclusive);
        }
        return meant;
    }

    /**
     * What a statement has found.
     *
     * @param rows  that it has looked at
     * @param meant those of them that were meant
     */
    private record Looked(long rows, long meant) {}

    /**
     * Pages through the aggregates that have events between two positions, in statements that are short each. One may come
     * on several pages.
     *
     * @param limit most events that a page looks at
     */
    public AggregatePage aggregates(
            Position afterExclusive, Position upToInclusive, Set<String> aggregateTypes, int limit) {
        Set<String> ids = new HashSet<>();
        List<Position> positions = jdbc.query(
                "select aggregate_id, epoch, transaction_id, global_index"
                        + looked("aggregate_type, aggregate_id, epoch, transaction_id, global_index", "") + OF_TYPES
                        + IN_ORDER + " limit ?",
                (row, n) -> {
                    ids.add(row.getString(1));
                    return position(row, 2);
                },
                between(afterExclusive, upToInclusive, aggregateTypes.toArray(String[]::new), limit));
        return new AggregatePage(
                ids, positions.size() < limit ? lookAhead(afterExclusive, upToInclusive) : positions.get(limit - 1));
    }

    /**
     * Finds where to begin in order to read the whole history of all aggregates that have an event between two positions.
     * The cost grows with those events; the statements are short.
     *
     * @return the position just before the first event of any of them; {@code upToInclusive} when there are none
     */
    public Position beforeHistories(Position afterExclusive, Position upToInclusive, Set<String> aggregateTypes) {
        Position first = upToInclusive;
        boolean found = false;
        Position after = afterExclusive;
        while (upToInclusive.isAfter(after)) {
            AggregatePage page = aggregates(after, upToInclusive, aggregateTypes, ROWS_OF_AGGREGATES);
            Optional<Position> firstOfPage = firstEvents(page.aggregateIds()).min(Position::compareTo);
            if (firstOfPage.isPresent() && !firstOfPage.get().isAfter(first)) {
                first = firstOfPage.get();
                found = true;
            }
            after = page.end();
        }
        return found ? predecessor(first) : upToInclusive;
    }

    /** Sorted here: the server might look for the first of them from the store's beginning. */
    private Stream<Position> firstEvents(Set<String> aggregateIds) {
        if (aggregateIds.isEmpty()) {
            return Stream.empty();
        }
        return jdbc
                .query(
                        "select epoch, transaction_id, global_index" + ALL
                                + "sequence_number = 0 and aggregate_id = any(?)",
                        (row, n) -> position(row, 1),
                        (Object) aggregateIds.toArray(String[]::new))
                .stream();
    }

    private static Object[] between(Position afterExclusive, Position upToInclusive, Object... more) {
        return Stream.concat(
                        Stream.of(
                                afterExclusive.epoch(),
                                text(afterExclusive),
                                afterExclusive.globalIndex(),
                                upToInclusive.epoch(),
                                text(upToInclusive),
                                upToInclusive.globalIndex()),
                        Stream.of(more))
                .toArray();
    }

    private static Object[] before(Object first, Object... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
    }

    /** @return how many events of each type lie between two positions, of those types that do; counted as well */
    public Map<String, Long> countsByType(Position afterExclusive, Position upToInclusive) {
        Map<String, Long> counts = new TreeMap<>();
        lookThrough(afterExclusive, upToInclusive, after -> {
            long[] rows = {0};
            jdbc.query(
                    "select event_type, count(*)" + looked("event_type", "") + " group by event_type",
                    row -> {
                        counts.merge(row.getString(1), row.getLong(2), Long::sum);
                        rows[0] += row.getLong(2);
                    },
                    between(after, upToInclusive));
            return new Looked(rows[0], rows[0]);
        });
        return counts;
    }

    /** @return the first event of one of these types between two positions; empty when there is none */
    public Optional<StoredEvent> firstOf(Set<String> eventTypes, Position afterExclusive, Position upToInclusive) {
        Position reached = afterExclusive;
        while (upToInclusive.isAfter(reached)) {
            EventPage page = readPage(reached, upToInclusive, new EventFilter(eventTypes, null), 1);
            if (!page.events().isEmpty()) {
                return Optional.of(page.events().get(0));
            }
            reached = page.end();
        }
        return Optional.empty();
    }

    /**
     * Pages through the aggregates that have events of some types, by their ids, which begin with their type in lower case
     * and a hyphen. In short statements: one, where most aggregates have such an event.
     *
     * @param afterAggregate id to go on behind; empty to begin
     * @param upTo           only events up to there count
     * @return at most {@code limit}; fewer at the end
     */
    public List<StreamExtent> extents(
            String aggregateType, Set<String> eventTypes, Position upTo, String afterAggregate, int limit) {
        String prefix = aggregateType.toLowerCase(Locale.ROOT) + "-";
        List<StreamExtent> extents = new ArrayList<>();
        StreamExtent last = new StreamExtent(afterAggregate.isEmpty() ? prefix : afterAggregate, 0, 0);
        long lastSequence = Long.MAX_VALUE;
        while (true) {
            int most = limit - extents.size() + 1;
            List<Stretch> stretches =
                    stretches(aggregateType, eventTypes, upTo, last.aggregateId(), lastSequence, most);
            long rows = 0;
            for (Stretch stretch : stretches) {
                rows += stretch.rows();
                if (!stretch.aggregateId().equals(last.aggregateId())) {
                    if (last.events() > 0) {
                        extents.add(last);
                    }
                    if (extents.size() == limit || !stretch.aggregateId().startsWith(prefix)) {
                        return extents;
                    }
                    last = new StreamExtent(stretch.aggregateId(), 0, 0);
                }
                last = stretch.addedTo(last);
                lastSequence = stretch.lastSequence();
            }
            if (rows < rowsOfAStatement) {
                if (stretches.size() < most) {
                    if (last.events() > 0) {
                        extents.add(last);
                    }
                    return extents;
                }
                lastSequence = Long.MAX_VALUE;
            }
        }
    }

    /** @return what follows an event in the order of aggregates and their events; the last one may go on */
    private List<Stretch> stretches(
            String aggregateType, Set<String> eventTypes, Position upTo, String aggregateId, long sequence, int limit) {
        return jdbc.query(
                "select aggregate_id, count(*), max(sequence_number), count(*) filter (where meant),"
                        + " max(sequence_number) filter (where meant) from (select aggregate_id, sequence_number,"
                        + " aggregate_type = ? and event_type = any(?) and " + UP_TO + " as meant" + ALL
                        + "(aggregate_id, sequence_number) > (?, ?) order by aggregate_id, sequence_number limit "
                        + rowsOfAStatement + ") looked group by aggregate_id order by aggregate_id limit ?",
                (row, n) ->
                        new Stretch(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
                aggregateType,
                eventTypes.toArray(String[]::new),
                upTo.epoch(),
                text(upTo),
                upTo.globalIndex(),
                aggregateId,
                sequence,
                limit);
    }

    /**
     * Events of an aggregate that one statement has looked at.
     *
     * @param rows         all of them
     * @param lastSequence of all of them
     * @param meant        how many were meant
     * @param lastMeant    of those that were meant, if any
     */
    private record Stretch(String aggregateId, long rows, long lastSequence, long meant, long lastMeant) {

        StreamExtent addedTo(StreamExtent before) {
            return new StreamExtent(
                    aggregateId, before.events() + meant, meant > 0 ? lastMeant : before.lastSequenceNumber());
        }
    }

    /**
     * @return the oldest writing transaction of the cluster, behind which the tail can't be read; empty when none is
     *     running
     */
    public Optional<HorizonHolder> horizonHolder() {
        return first(jdbc.query(HorizonHolder.QUERY, HorizonHolder.ROW));
    }

    static StoredEvent event(ResultSet row, int column) throws SQLException {
        return new StoredEvent(
                position(row, column),
                row.getObject(column + 3, UUID.class),
                row.getString(column + 4),
                row.getString(column + 5),
                row.getLong(column + 6),
                row.getString(column + 7),
                row.getString(column + 8),
                instant(row, column + 9),
                row.getString(column + 10),
                row.getString(column + 11));
    }

    static Position position(ResultSet row, int column) throws SQLException {
        return new Position(row.getInt(column), row.getLong(column + 1), row.getLong(column + 2));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** The driver has no type for xid8. */
    private static String text(Position position) {
        return Long.toString(position.transactionId());
    }

    private static <T> Optional<T> first(List<@Nullable T> rows) {
        return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
    }

    private record Timed(Instant time, Position position) {}
}
