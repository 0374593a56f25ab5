package dev.eventshop.eventstore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    static final String HEAD =
            "select epoch, transaction_id, global_index" + ALL + BELOW_HORIZON + FROM_THE_END + " limit 1";
    private static final String STREAM =
            "select " + COLUMNS + ALL + "aggregate_id = ? and sequence_number >= ? order by sequence_number";
    static final String STREAM_HEAD = "select sequence_number, epoch, transaction_id, global_index" + ALL
            + "aggregate_id = ? order by sequence_number desc limit 1";

    /** How far the times of events may be out of order for {@link #before(Instant)} to be exact. */
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private final JdbcTemplate jdbc;

    /** @param dataSource of a role that may read the schema {@code event_store} */
    public EventLog(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
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
     * @return the committed events of one aggregate from that sequence number on, and those of the transaction that the
     *     caller is in; not bound to the horizon; empty when there are none
     */
    public List<StoredEvent> readStream(String aggregateId, long fromSequence) {
        return jdbc.query(STREAM, EVENT, aggregateId, fromSequence);
    }

    List<StoredEvent> readStream(String aggregateId, long fromSequence, int limit) {
        return jdbc.query(STREAM + " limit ?", EVENT, aggregateId, fromSequence, limit);
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
        for (int epoch = 1; epoch <= head.epoch(); epoch++) {
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

    /** @return how many events lie between two positions; counted, so the cost grows with the number */
    public long countBetween(Position afterExclusive, Position upToInclusive) {
        Long count = jdbc.queryForObject(
                "select count(*)" + ALL + AFTER + " and " + UP_TO,
                Long.class,
                afterExclusive.epoch(),
                text(afterExclusive),
                afterExclusive.globalIndex(),
                upToInclusive.epoch(),
                text(upToInclusive),
                upToInclusive.globalIndex());
        return count == null ? 0 : count;
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
