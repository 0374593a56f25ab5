package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.eventstore.schema.ForeignClusterException;
import dev.eventshop.eventstore.schema.SchemaMissingException;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

class SchemaIT {

    private TestStore store;

    @BeforeEach
    void start() {
        store = TestStore.create();
        store.appendVisibly(event("counter-1", 0));
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Nested
    class Privileges {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "update event_store.domain_event set payload = '{}'",
                    "delete from event_store.domain_event",
                    "truncate event_store.domain_event",
                    "alter table event_store.domain_event add column x int",
                    "drop table event_store.domain_event",
                    "create table event_store.x (x int)",
                    "create index x on event_store.domain_event (time)",
                    "update event_store.cluster set epoch = 2",
                    "insert into event_store.cluster values (2, 2)",
                    "delete from event_store.cluster",
                    "delete from event_store.flyway_schema_history",
                    "alter table event_store.domain_event alter column epoch set default 2",
                    "drop schema event_store cascade",
                    "set role eventshop_owner"
                })
        void areDeniedToWriterAndReader(String sql) {
            for (String role : List.of(TestStore.WRITER, TestStore.READER)) {
                assertThatThrownBy(() -> execute(store.database.as(role), sql))
                        .isInstanceOf(PSQLException.class)
                        .satisfies(e ->
                                assertThat(((PSQLException) e).getSQLState()).isEqualTo("42501"));
            }
        }

        @Test
        void toInsertAreDeniedToTheReader() {
            assertThatThrownBy(
                            () -> PostgresEventStorageEngine.on(store.database.as(TestStore.READER), Counted.SERIALIZER)
                                    .appendEvents(event("counter-2", 0)))
                    .hasRootCauseInstanceOf(PSQLException.class)
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }

        @Test
        void toReadAreGivenToTheReader() {
            EventLog reader = new EventLog(store.database.as(TestStore.READER));

            assertThat(reader.readTail(Position.START, 10)).hasSize(1);
            assertThat(reader.headOf("counter-1")).isPresent();
        }

        @Test
        void areNotGivenToOthers() {
            EventLog stranger = new EventLog(store.database.as("notification"));

            assertThatThrownBy(stranger::head).rootCause().hasMessageContaining("permission denied");
        }
    }

    @Nested
    class Columns {

        @Test
        void areNeverLargeObjects() {
            assertThat(store.admin()
                            .queryForList(
                                    "select table_schema || '.' || table_name || '.' || column_name"
                                            + " from information_schema.columns where udt_name in ('oid', 'lo')"
                                            + " and table_schema not in ('pg_catalog', 'information_schema')",
                                    String.class))
                    .isEmpty();
            assertThat(store.admin()
                            .queryForObject(
                                    "select count(*) from information_schema.columns"
                                            + " where table_schema in ('event_store', 'command_side')",
                                    Long.class))
                    .isGreaterThan(20);
        }

        @Test
        void ofEventsHaveTwoIndexesAndNoMore() {
            assertThat(store.admin()
                            .queryForList(
                                    "select indexname from pg_indexes where schemaname = 'event_store'"
                                            + " and tablename = 'domain_event'",
                                    String.class))
                    .containsExactlyInAnyOrder("domain_event_pkey", "domain_event_aggregate_id_sequence_number_key");
        }
    }

    @Nested
    class Migration {

        @Test
        void mayRunAgain() {
            assertThatCode(() -> TestStore.schema(store.database).afterPropertiesSet())
                    .doesNotThrowAnyException();
        }

        @Test
        void givesPrivilegesToRolesThatAreNamedLater() {
            new EventStoreSchema(
                            store.database.as(TestStore.WRITER),
                            new EventStoreSchema.Migration(
                                    store.database.as("eventshop_migrator"),
                                    "SET ROLE eventshop_owner",
                                    TestStore.WRITER,
                                    "notification"),
                            Duration.ZERO)
                    .afterPropertiesSet();

            assertThat(new EventLog(store.database.as("notification")).readTail(Position.START, 10))
                    .hasSize(1);
        }

        @Test
        void needsNoRoles() {
            try (TestDatabase plain = TestDatabase.create()) {
                DataSource owner = plain.admin();
                new EventStoreSchema(owner, new EventStoreSchema.Migration(owner, "", "", ""), Duration.ofSeconds(10))
                        .afterPropertiesSet();
                PostgresEventStorageEngine.on(owner, Counted.SERIALIZER).appendEvents(event("counter-1", 0));

                await().untilAsserted(() -> assertThat(new EventLog(owner).readTail(Position.START, 10))
                        .hasSize(1));
            }
        }

        @Test
        void mayBeStartedBySeveralInstancesAtOnce() throws Exception {
            try (TestDatabase empty = TestDatabase.create()) {
                int instances = 4;
                CyclicBarrier start = new CyclicBarrier(instances);
                ExecutorService executor = Executors.newFixedThreadPool(instances);
                try {
                    List<Future<?>> results = new ArrayList<>();
                    for (int i = 0; i < instances; i++) {
                        results.add(executor.submit(() -> {
                            start.await();
                            TestStore.schema(empty).afterPropertiesSet();
                            return null;
                        }));
                    }
                    for (Future<?> result : results) {
                        result.get(30, TimeUnit.SECONDS);
                    }
                } finally {
                    executor.shutdownNow();
                }
                assertThat(new EventLog(empty.as(TestStore.READER)).head()).isEqualTo(Position.START);
            }
        }

        @Test
        void isWaitedForByServicesThatOnlyRead() throws Exception {
            try (TestDatabase empty = TestDatabase.create()) {
                ExecutorService executor = Executors.newSingleThreadExecutor();
                try {
                    EventStoreSchema reader =
                            new EventStoreSchema(empty.as(TestStore.READER), null, Duration.ofSeconds(30));
                    Future<?> waiting = executor.submit(reader::afterPropertiesSet);
                    assertThatThrownBy(() -> waiting.get(500, TimeUnit.MILLISECONDS))
                            .isInstanceOf(TimeoutException.class);

                    TestStore.schema(empty).afterPropertiesSet();

                    waiting.get(10, TimeUnit.SECONDS);
                } finally {
                    executor.shutdownNow();
                }
            }
        }

        @Test
        void isNotWaitedForWithoutEnd() {
            try (TestDatabase empty = TestDatabase.create()) {
                EventStoreSchema reader =
                        new EventStoreSchema(empty.as(TestStore.READER), null, Duration.ofMillis(300));

                assertThatThrownBy(reader::afterPropertiesSet)
                        .isInstanceOf(SchemaMissingException.class)
                        .hasMessageMatching("[^.]*\\.");
            }
        }
    }

    @Nested
    class ADumpInTheSameCluster {

        @Test
        void isRefusedUntilItIsInANewEpoch() {
            DataSource owner = store.database.admin();
            assertThatCode(() -> TestStore.schema(store.database).afterPropertiesSet())
                    .doesNotThrowAnyException();
            // As pg_restore makes it.
            store.admin().execute("""
                    alter table event_store.domain_event rename to before;
                    create table event_store.domain_event (like event_store.before including all);
                    insert into event_store.domain_event overriding system value select * from event_store.before;
                    drop table event_store.before""");

            assertThatThrownBy(() -> EventStoreSchema.verifyCluster(owner))
                    .isInstanceOf(ForeignClusterException.class)
                    .hasMessageMatching("[^.]*made anew from a dump[^.]*restore --adopt[^.]*\\.");

            EventStoreSchema.openEpoch(owner);
            assertThatCode(() -> EventStoreSchema.verifyCluster(owner)).doesNotThrowAnyException();
        }

        @Test
        void isRefusedInADatabaseThatIsACopy() {
            store.admin().execute("update event_store.cluster set database_number = database_number + 1");
            assertThatThrownBy(() -> EventStoreSchema.verifyCluster(store.database.admin()))
                    .isInstanceOf(ForeignClusterException.class);
        }
    }

    @Nested
    class AnotherCluster {

        @BeforeEach
        void moveTheStore() {
            store.admin().execute("update event_store.cluster set system_identifier = 42");
        }

        @ParameterizedTest
        @CsvSource({"true", "false"})
        void isRefusedWithOneSentence(boolean migrates) {
            EventStoreSchema schema = migrates
                    ? TestStore.schema(store.database)
                    : new EventStoreSchema(store.database.as(TestStore.READER), null, Duration.ofSeconds(5));

            assertThatThrownBy(schema::afterPropertiesSet)
                    .isInstanceOf(ForeignClusterException.class)
                    .hasMessageMatching("[^.]*cluster 42[^.]*\\.");
        }

        @Test
        void isAcceptedInANewEpoch() {
            assertThat(EventStoreSchema.openEpoch(owner())).isGreaterThan(1);

            assertThatCode(() -> TestStore.schema(store.database).afterPropertiesSet())
                    .doesNotThrowAnyException();
        }

        @Test
        void hidesNothingOfTheOldEpoch() {
            // As after a restore into a younger cluster: ids that are far ahead of those to come.
            store.admin()
                    .update("insert into event_store.domain_event (transaction_id, event_id, aggregate_type,"
                            + " aggregate_id, sequence_number, event_type, time, payload, metadata)"
                            + " values ('9000000000000000000', gen_random_uuid(), 'Counter', 'counter-1', 1, 'Counted',"
                            + " now(), '{}', '{}')");
            assertThat(store.events.readTail(Position.START, 10)).hasSize(1);
            Position before = store.events.head();

            int epoch = EventStoreSchema.openEpoch(owner());
            store.appendVisibly(event("counter-1", 2), event("counter-1", 3));

            List<StoredEvent> all = store.events.readTail(Position.START, 10);
            assertThat(all).extracting(StoredEvent::sequenceNumber).containsExactly(0L, 1L, 2L, 3L);
            assertThat(all).extracting(row -> row.position().epoch()).containsExactly(1, 1, epoch, epoch);
            assertThat(store.events.readTail(before, 10)).hasSize(3);
            assertThat(store.events.head()).isEqualTo(all.get(3).position());
            assertThat(store.events.countBetween(before, store.events.head())).isEqualTo(3);
            assertThat(store.events.before(all.get(2).time()))
                    .isEqualTo(all.get(1).position());
        }

        @Test
        void getsAnotherNumberThanAnEpochThatWentOnFromTheSameBackup() {
            int epoch = EventStoreSchema.openEpoch(owner());
            store.admin().execute("delete from event_store.cluster where epoch = " + epoch); // as the backup was
            store.admin().execute("insert into event_store.cluster values (2, 43), (3, 44)");

            assertThat(EventStoreSchema.openEpoch(owner())).isGreaterThan(100_000);
            assertThat(EventStoreSchema.openEpoch(owner())).isGreaterThan(epoch);
        }

        @Test
        void knowsPositionsThatAreInTheStoreOnly() {
            Position old = store.events.head();
            int epoch = EventStoreSchema.openEpoch(owner());
            store.appendVisibly(event("counter-1", 1));
            Position now = store.events.head();

            assertThat(List.of(Position.START, old, now)).allMatch(store.events::isKnown);
            assertThat(List.of(
                            new Position(old.epoch(), old.transactionId() - 1, old.globalIndex()),
                            new Position(old.epoch(), old.transactionId(), old.globalIndex() + 1),
                            new Position(old.epoch(), old.transactionId() + 1, old.globalIndex()),
                            new Position(epoch - 1, 1, 1),
                            new Position(epoch, now.transactionId(), now.globalIndex() + 1),
                            new Position(epoch + 1, 1, 1)))
                    .noneMatch(store.events::isKnown);
        }

        @Test
        void opensNoStreamToAReaderThatIsAheadOfTheStore() {
            Position old = store.events.head();
            Position ahead = new Position(old.epoch(), old.transactionId() + 1, old.globalIndex() + 1);
            EventStoreSchema.openEpoch(owner());
            store.appendVisibly(event("counter-1", 1));

            assertThatThrownBy(() -> store.store.openStream(ahead))
                    .isInstanceOf(AheadOfStoreException.class)
                    .hasMessageContaining(ahead.toString());
            store.store.openStream(old).close();
        }

        @Test
        void opensNoStreamToAReaderOfWhatIsGoneWhereTransactionIdsGoOn() {
            // As after pg_restore into the cluster that the dump is from: the ids that follow are behind those of the
            // reader.
            store.appendVisibly(event("counter-1", 1));
            Position ahead = store.events.head();
            store.admin().execute("delete from event_store.domain_event where sequence_number = 1");
            store.appendVisibly(event("counter-1", 1));

            assertThat(store.events.head().isAfter(ahead)).isTrue();
            assertThatThrownBy(() -> store.store.openStream(ahead)).isInstanceOf(AheadOfStoreException.class);
        }

        @Test
        void isNotOpenedByAService() {
            assertThatThrownBy(() -> EventStoreSchema.openEpoch(store.database.as(TestStore.WRITER)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.admin().queryForObject("select max(epoch) from event_store.cluster", Integer.class))
                    .isOne();
        }

        private DataSource owner() {
            return store.database.admin();
        }
    }

    private static void execute(DataSource dataSource, String sql) throws Exception {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
