package dev.eventshop.eventstore;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated store in a database of its own, with its parts put together as the auto-configuration does. */
final class TestStore implements AutoCloseable {

    static final String WRITER = "command_side";
    static final String READER = "query_side";

    final TestDatabase database;
    final HikariDataSource pool;
    final DataSourceTransactionManager transactionManager;
    final TransactionTemplate transactions;
    final EventLog events;
    final TailMonitor monitor;
    final StoredEventMessages messages;
    final PostgresEventStorageEngine engine;
    final PostgresEventStore store;
    final PostgresTokenStore tokens;
    private EventUpcaster upcaster = NoOpEventUpcaster.INSTANCE;
    private SnapshotFilter snapshotFilter = SnapshotFilter.allowAll();

    private TestStore(TestDatabase database, int pageSize, Serializer snapshotSerializer) {
        this.database = database;
        this.pool = pool(database);
        this.transactionManager = new DataSourceTransactionManager(pool);
        this.transactions = new TransactionTemplate(transactionManager);
        this.events = new EventLog(pool);
        this.monitor = new TailMonitor(events, Duration.ofMillis(20));
        this.messages = new StoredEventMessages(Counted.SERIALIZER, () -> upcaster, PayloadProtection.NONE);
        this.engine = new PostgresEventStorageEngine(
                events,
                messages,
                monitor,
                pageSize,
                Counted.SERIALIZER,
                PayloadProtection.NONE,
                pool,
                new Snapshots(pool, snapshotSerializer, () -> snapshotFilter));
        this.store = PostgresEventStore.builder(events, messages, monitor, pageSize)
                .storageEngine(engine)
                .build();
        this.tokens = new PostgresTokenStore(pool, Duration.ofSeconds(30));
    }

    static TestStore create() {
        return create(1_000, Counted.SERIALIZER);
    }

    static TestStore create(int pageSize, Serializer snapshotSerializer) {
        TestDatabase database = TestDatabase.create();
        schema(database).afterPropertiesSet();
        migrateService(database);
        return new TestStore(database, pageSize, snapshotSerializer);
    }

    /** @return the store's schema, to be migrated by a member of its owner, with the two roles */
    static EventStoreSchema schema(TestDatabase database) {
        return new EventStoreSchema(
                database.as(WRITER),
                new EventStoreSchema.Migration(
                        database.as("eventshop_migrator"), "SET ROLE eventshop_owner", WRITER, READER),
                Duration.ofSeconds(10));
    }

    static void migrateService(TestDatabase database) {
        Flyway.configure()
                .dataSource(database.as("eventshop_migrator"))
                .initSql("SET ROLE eventshop_owner")
                .schemas(WRITER)
                .defaultSchema(WRITER)
                .locations("classpath:db/event-store-service")
                .placeholders(Map.of("event-store-service-role", WRITER))
                .load()
                .migrate();
    }

    static HikariDataSource pool(TestDatabase database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(database.as(WRITER));
        pool.setSchema(WRITER);
        pool.setMaximumPoolSize(24);
        pool.setMinimumIdle(0);
        // These tests hold transactions open for longer than a service may.
        pool.setConnectionInitSql("select set_config(name, '0', false) from pg_settings where name in"
                + " ('idle_in_transaction_session_timeout', 'statement_timeout', 'transaction_timeout')");
        return pool;
    }

    void upcastWith(EventUpcaster newUpcaster) {
        this.upcaster = newUpcaster;
    }

    void filterSnapshots(SnapshotFilter newFilter) {
        this.snapshotFilter = newFilter;
    }

    void append(EventMessage<?>... appended) {
        append(List.of(appended));
    }

    /** In a transaction of its own. */
    void append(List<? extends EventMessage<?>> appended) {
        transactions.executeWithoutResult(status -> engine.appendEvents(appended));
    }

    void appendVisibly(EventMessage<?>... appended) {
        appendVisibly(List.of(appended));
    }

    /** And waits until readers see it: anything in the cluster may hold the horizon for a moment, autovacuum too. */
    void appendVisibly(List<? extends EventMessage<?>> appended) {
        append(appended);
        Position last = new JdbcTemplate(pool)
                .queryForObject(
                        "select epoch, transaction_id, global_index from event_store.domain_event"
                                + " order by epoch desc, transaction_id desc, global_index desc limit 1",
                        (row, number) -> EventLog.position(row, 1));
        await().until(() -> !last.isAfter(events.head()));
    }

    JdbcTemplate admin() {
        DataSource admin = database.admin();
        return new JdbcTemplate(admin);
    }

    @Override
    public void close() {
        monitor.stop();
        pool.close();
        database.close();
    }
}
