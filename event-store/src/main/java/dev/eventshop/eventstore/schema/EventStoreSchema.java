package dev.eventshop.eventstore.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * Brings the schema {@code event_store} up to date, or waits until somebody else has, and makes sure that the store is
 * in the cluster that it was written in.
 */
public final class EventStoreSchema implements InitializingBean {

    /** The version that this code needs. */
    static final String VERSION = "2";

    private static final Logger log = LoggerFactory.getLogger(EventStoreSchema.class);

    private static final String SCHEMA = "event_store";

    /** No such table, schema or privilege yet; the server starts, stops or is not there. */
    private static final Set<String> NOT_YET =
            Set.of("42P01", "3F000", "42501", "3D000", "57P03", "57P01", "08001", "08003", "08004", "08006", "53300");

    private static final long PAUSE_MILLIS = 250;

    /**
     * Numbered by the minutes of 2026 and after, so that two histories that went on from the same backup don't share an
     * epoch: a position of the one is none of the other.
     */
    private static final String OPEN_EPOCH = """
            insert into event_store.cluster (epoch, system_identifier)
            select greatest((select max(epoch) + 1 from event_store.cluster),
                            cast(extract(epoch from clock_timestamp() - timestamptz '2026-01-01 00:00Z') / 60 as integer)),
                   system_identifier
            from pg_control_system()
            returning epoch""";

    private static final String HERE = "(select oid::bigint from pg_database where datname = current_database()),"
            + " 'event_store.domain_event'::regclass::oid::bigint";

    /** A store that an older version has made has no such columns before it is migrated. */
    private static final String HAS_HOME = "select exists (select from pg_attribute"
            + " where attrelid = 'event_store.cluster'::regclass and attname = 'table_number')";

    private final DataSource dataSource;
    private final @Nullable Migration migration;
    private final Duration patience;

    /**
     * @param dataSource of the service
     * @param migration  how to migrate; null to wait for another service that does
     * @param patience   how long to wait
     */
    public EventStoreSchema(DataSource dataSource, @Nullable Migration migration, Duration patience) {
        this.dataSource = dataSource;
        this.migration = migration;
        this.patience = patience;
    }

    /**
     * @param dataSource of a role that may create the schema, or owns it
     * @param initSql    run on each connection, for example {@code SET ROLE}; empty for none
     * @param writerRole may add and read events; empty for none but the owner
     * @param readerRole may read events; empty for none
     * @param strategy   has it migrate
     */
    public record Migration(
            DataSource dataSource, String initSql, String writerRole, String readerRole, Consumer<Flyway> strategy) {

        /** Once, as it is. */
        public Migration(DataSource dataSource, String initSql, String writerRole, String readerRole) {
            this(dataSource, initSql, writerRole, readerRole, Flyway::migrate);
        }
    }

    @Override
    public void afterPropertiesSet() {
        if (migration != null) {
            migrate(migration);
        } else {
            await();
        }
        verifyCluster(dataSource);
    }

    private static void migrate(Migration migration) {
        Flyway flyway = Flyway.configure()
                .dataSource(migration.dataSource())
                .initSql(migration.initSql())
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .locations("classpath:db/event-store")
                .connectRetries(10)
                .placeholders(Map.of("writer-role", migration.writerRole(), "reader-role", migration.readerRole()))
                .load();
        migration.strategy().accept(flyway);
    }

    private void await() {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                if (isMigrated()) {
                    return;
                }
                throw new SQLException("migrations are missing", "42P01");
            } catch (SQLException e) {
                if (e.getSQLState() == null || !NOT_YET.contains(e.getSQLState())) {
                    throw new IllegalStateException("The event store can't be read.", e);
                }
                if (System.nanoTime() >= deadline) {
                    throw new SchemaMissingException(VERSION, patience, e);
                }
                if (!told) {
                    log.info(
                            "Waiting up to {} s until the schema event_store is there ({}).",
                            patience.toSeconds(),
                            e.getMessage());
                    told = true;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the event store", e);
            }
        }
    }

    private boolean isMigrated() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select exists (select from event_store.flyway_schema_history where success and version = '"
                                + VERSION + "')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * @param dataSource of a role that may read the store
     * @throws ForeignClusterException when the store was moved to another cluster, or was made anew in this one
     */
    public static void verifyCluster(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select known.system_identifier, here.system_identifier,"
                        + " coalesce((known.database_number, known.table_number) = (" + HERE + "), true), known.epoch"
                        + " from event_store.cluster as known, pg_control_system() as here"
                        + " order by known.epoch desc limit 1")) {
            if (!row.next()) {
                throw new IllegalStateException("event_store.cluster is empty");
            }
            if (row.getLong(1) != row.getLong(2)) {
                throw new ForeignClusterException(row.getLong(1), row.getLong(2));
            }
            if (!row.getBoolean(3)) {
                throw new ForeignClusterException(row.getInt(4));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The event store can't be read.", e);
        }
    }

    /**
     * Makes the store at home in the cluster that it is in now: events from here on come after all older ones, whatever
     * their transaction ids. Needed after a dump was restored, while no service runs; does no harm otherwise.
     *
     * @param owner of a role that owns the schema
     * @return the number of the new epoch
     */
    public static int openEpoch(DataSource owner) {
        try (Connection connection = owner.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                int epoch = openEpoch(connection);
                connection.commit();
                return epoch;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("No new epoch could be opened.", e);
        }
    }

    /** The same, within the transaction of the caller. */
    public static int openEpoch(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("lock table event_store.domain_event in access exclusive mode");
            int epoch;
            try (ResultSet row = statement.executeQuery(OPEN_EPOCH)) {
                row.next();
                epoch = row.getInt(1);
            }
            try (ResultSet row = statement.executeQuery(HAS_HOME)) {
                row.next();
                if (row.getBoolean(1)) {
                    statement.execute("update event_store.cluster set (database_number, table_number) = (" + HERE
                            + ") where epoch = " + epoch);
                }
            }
            statement.execute("alter table event_store.domain_event alter column epoch set default " + epoch);
            return epoch;
        }
    }
}
