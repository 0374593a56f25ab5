package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The same late commit on Axon's own JDBC engine: under these conditions its readers lose the event for ever, so the
 * test of our engine would notice.
 */
class StockEngineIT {

    private TestDatabase database;
    private HikariDataSource pool;
    private TransactionTemplate transactions;
    private EmbeddedEventStore store;
    private JdbcEventStorageEngine engine;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        pool = new HikariDataSource();
        pool.setDataSource(database.admin());
        DataSourceTransactionManager transactionManager = new DataSourceTransactionManager(pool);
        transactions = new TransactionTemplate(transactionManager);
        ConnectionProvider connections =
                new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(pool));
        engine = JdbcEventStorageEngine.builder()
                .eventSerializer(Counted.SERIALIZER)
                .snapshotSerializer(Counted.SERIALIZER)
                .connectionProvider(connections)
                .transactionManager(new SpringTransactionManager(transactionManager))
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
        store = EmbeddedEventStore.builder().storageEngine(engine).build();
    }

    @AfterEach
    void stop() {
        store.shutDown();
        pool.close();
        database.close();
    }

    /** {@code gapTimeout} 60 s: a later event that looks older than that closes every gap before it. */
    @ParameterizedTest(name = "{0} behind, open for {1} s")
    @CsvSource({"1, 1", "1, 5", "100, 1", "20000, 5"})
    void isLostByAReaderThatIsMoreThanAMinuteBehind(int behind, int open) throws Exception {
        assertLost(LateCommit.run(subject(), behind, Duration.ofSeconds(open), Duration.ofSeconds(61)));
    }

    /** {@code maxGapOffset} 10 000: gaps that far back are forgotten. */
    @Test
    void isLostByAnUpToDateReaderBehindTwentyThousandEvents() throws Exception {
        assertLost(LateCommit.run(subject(), 20_000, Duration.ofSeconds(5), Duration.ZERO));
    }

    @Tag("long")
    @Test
    void isLostByAnUpToDateReaderAfterMoreThanAMinute() throws Exception {
        assertLost(LateCommit.run(subject(), 1, Duration.ofSeconds(65), Duration.ZERO));
    }

    /** The test is fair: where nothing is to be expected, nothing is lost. */
    @Test
    void isSeenByAnUpToDateReaderBehindAHundredEvents() throws Exception {
        LateCommit.Result result = LateCommit.run(subject(), 100, Duration.ofSeconds(1), Duration.ZERO);

        assertThat(result.read()).containsExactlyInAnyOrderElementsOf(result.written());
    }

    private static void assertLost(LateCommit.Result result) {
        assertThat(result.written()).contains(result.late());
        assertThat(result.read())
                .doesNotContain(result.late())
                .hasSize(result.written().size() - 1);
    }

    private LateCommit.Subject subject() {
        return new LateCommit.Subject() {
            @Override
            public void inTransaction(Runnable work) {
                transactions.executeWithoutResult(status -> work.run());
            }

            @Override
            public void append(List<? extends DomainEventMessage<?>> events) {
                engine.appendEvents(events);
            }

            @Override
            public BlockingStream<TrackedEventMessage<?>> openStream() {
                return store.openStream(null);
            }

            @Override
            public boolean readersPass() {
                return true;
            }
        };
    }
}
