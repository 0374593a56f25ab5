package dev.eventshop.standalone.backup;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What has to be different from the backup, since the world has moved on: the database is in another cluster, the
 * broker's queues are not in the backup, and emails that were waiting may have been sent.
 *
 * @param events       in the store
 * @param epoch        that was opened; 0 where the database has no store, but views or emails only
 * @param ahead        processors of the command side that were ahead of the store, and stand at its end now
 * @param forwardsFrom position that the forwarder was set back to; null when it goes on where it was
 * @param skipped      numbers of products, orders and users, of each so many, that are not given away: they may have been
 *     since the backup, and others know them
 * @param heldEmails   emails that wait for an operator, since nobody knows whether they were sent
 */
public record Aftermath(
        long events,
        int epoch,
        List<String> ahead,
        @Nullable String forwardsFrom,
        int skipped,
        int heldEmails) {

    private static final String EVENTS = " from event_store.domain_event e ";
    private static final String POSITION = "e.epoch || '-' || e.transaction_id || '-' || e.global_index";
    private static final String NUMBERS = "(e.epoch, e.transaction_id, e.global_index)";
    private static final String TOKEN =
            "(split_part(%1$s, '-', 1)::int, split_part(%1$s, '-', 2)::xid8," + " split_part(%1$s, '-', 3)::bigint)";
    private static final String OF_TOKEN = TOKEN.formatted("t.token");
    private static final String LAST_FIRST =
            " order by e.epoch desc, e.transaction_id desc, e.global_index desc limit 1";

    private static final String AHEAD = "update command_side.tracking_token t set token = coalesce((select " + POSITION
            + EVENTS + "where " + NUMBERS + " < " + OF_TOKEN + LAST_FIRST
            + "), '0-0-0') where t.token like '%-%-%' and t.token not like '%(%'"
            + " and t.token <> '0-0-0' and not exists (select" + EVENTS
            + "where " + NUMBERS + " = " + OF_TOKEN
            + ") returning t.processor_name";

    private static final String CLAIMS = "update %s.tracking_token set owner = null, claimed_at = null";

    /** Messages that the broker had, and that nobody had handled: they are in no queue any more. */
    private static final String NOT_HANDLED = "select " + POSITION + EVENTS
            + "join command_side.tracking_token t on t.processor_name = 'forwarder' and " + NUMBERS + " <= " + OF_TOKEN
            + " where e.time > ? and e.event_type = any (?)"
            + " and not exists (select from notification.message_inbox i"
            + "   where i.message_id = e.event_id::text and i.handled)"
            + " and not exists (select from notification.dead_letter d"
            + "   where d.message_id = e.event_id::text and d.state <> 'RETRIED')"
            + " order by e.epoch, e.transaction_id, e.global_index limit 1";

    private static final String BEFORE =
            "select " + POSITION + EVENTS + "where " + NUMBERS + " < " + TOKEN.formatted("?") + LAST_FIRST;

    /** Erased persons' emails have no recipient, and are not among these. */
    private static final String HOLD = "update notification.notification set status = 'UNCERTAIN',"
            + " error = 'It was waiting when a backup was made, which was restored: it may have been sent since then.',"
            + " error_said = null, claim = null, lease_until = null"
            + " where status in ('PENDING', 'SENDING', 'WAITING_FOR_RECIPIENT')";

    /** Those of a busy day. A multiple of the sequences' steps. */
    private static final int SKIPPED = 1_000_000;

    /** A week: as long as a queue may have been standing when the backup was made. */
    private static final long STANDING_SECONDS = 7 * 86_400;

    /**
     * Makes the store at home where it is now, and nothing else.
     *
     * @throws Refused when there is no store
     */
    public static Aftermath ofAdoption(DataSource owner) {
        try (Connection connection = owner.getConnection()) {
            connection.setAutoCommit(false);
            if (!exists(connection, "event_store.cluster")) {
                throw new Refused(ExitCode.FAILED, "There is nothing to adopt: the database has no event store.");
            }
            Aftermath aftermath = of(connection, null, null);
            connection.commit();
            return aftermath;
        } catch (SQLException e) {
            throw new Refused(ExitCode.SERVER, "The store can't be adopted: " + e.getMessage() + ".", e);
        }
    }

    /**
     * @param backup  moment that the backup shows; null when nothing has happened since then
     * @param horizon the first transaction that may still have been running then; null when that is not known
     */
    static Aftermath of(Connection connection, @Nullable Instant backup, @Nullable String horizon) throws SQLException {
        for (String schema : List.of("command_side", "query_side")) {
            if (exists(connection, schema + ".tracking_token")) {
                update(connection, CLAIMS.formatted(schema));
            }
        }
        int held = backup != null && exists(connection, "notification.notification") ? update(connection, HOLD) : 0;
        if (!exists(connection, "event_store.cluster")) {
            return new Aftermath(0, 0, List.of(), null, 0, held);
        }
        if (horizon != null) {
            setApart(connection, horizon);
        }
        boolean reads = exists(connection, "command_side.tracking_token");
        boolean notifies =
                exists(connection, "notification.message_inbox") && exists(connection, "notification.dead_letter");
        List<String> ahead = reads ? list(connection, AHEAD) : List.of();
        String forwardsFrom = backup != null && reads && notifies ? setForwarderBack(connection, backup) : null;
        int skipped = backup != null && reads ? skipNumbers(connection) : 0;
        long events =
                Long.parseLong(list(connection, "select count(*)" + EVENTS).get(0));
        return new Aftermath(events, EventStoreSchema.openEpoch(connection), ahead, forwardsFrom, skipped, held);
    }

    private static int skipNumbers(Connection connection) throws SQLException {
        for (String sequence : List.of("product_id", "order_id", "user_id")) {
            String name = "command_side." + sequence;
            list(
                    connection,
                    "select setval('" + name + "', least(last_value::bigint + " + SKIPPED
                            + ", (select seqmax from pg_sequence where seqrelid = '" + name + "'::regclass))) from "
                            + name);
        }
        return SKIPPED;
    }

    /**
     * What had been committed beside transactions that were running, nobody had read: readers get there when those have
     * ended. Whoever stands there has read what they wrote as well, which is not in the backup. In an epoch of their own
     * these events have other positions, and such a reader is told from one that is right.
     */
    private static void setApart(Connection connection, String horizon) throws SQLException {
        String epoch =
                list(connection, "select max(epoch) from event_store.cluster").get(0);
        String late = " where epoch = " + epoch + " and transaction_id >= '" + Long.parseUnsignedLong(horizon) + "'";
        if (!list(connection, "select 1" + EVENTS + late + " limit 1").isEmpty()) {
            int own = EventStoreSchema.openEpoch(connection);
            update(connection, "update event_store.domain_event set epoch = " + own + late);
        }
    }

    private static @Nullable String setForwarderBack(Connection connection, Instant backup) throws SQLException {
        String[] types =
                EventRegistry.published().stream().map(type -> type.name()).toArray(String[]::new);
        String first = null;
        try (PreparedStatement statement = connection.prepareStatement(NOT_HANDLED)) {
            statement.setTimestamp(1, Timestamp.from(backup.minusSeconds(STANDING_SECONDS)));
            statement.setArray(2, connection.createArrayOf("text", types));
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    first = row.getString(1);
                }
            }
        }
        if (first == null) {
            return null;
        }
        String before = "0-0-0";
        try (PreparedStatement statement = connection.prepareStatement(BEFORE)) {
            for (int i = 1; i <= 3; i++) {
                statement.setString(i, first);
            }
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    before = row.getString(1);
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "update command_side.tracking_token set token = ? where processor_name = 'forwarder'")) {
            statement.setString(1, before);
            statement.executeUpdate();
        }
        return first;
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        return !list(connection, "select 1 where to_regclass('" + table + "') is not null")
                .isEmpty();
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static List<String> list(Connection connection, String sql) throws SQLException {
        List<String> result = new java.util.ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                result.add(rows.getString(1));
            }
        }
        return result;
    }
}
