package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static dev.eventshop.eventstore.Counted.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** What appends and loads cost in the database. */
class CostIT {

    private final List<String> statements = new ArrayList<>();
    private TestStore store;
    private EventLog log;
    private PostgresEventStorageEngine engine;
    private PostgresEventStore events;
    private TransactionTemplate transactions;

    @BeforeEach
    void start() {
        store = TestStore.create();
        DataSource counting = new Counting(store.pool);
        log = new EventLog(counting);
        StoredEventMessages messages =
                new StoredEventMessages(Counted.SERIALIZER, () -> NoOpEventUpcaster.INSTANCE, PayloadProtection.NONE);
        engine = new PostgresEventStorageEngine(
                log,
                messages,
                store.monitor,
                1_000,
                Counted.SERIALIZER,
                PayloadProtection.NONE,
                counting,
                new Snapshots(counting, Counted.SERIALIZER, SnapshotFilter::allowAll));
        events = PostgresEventStore.builder(log, messages, store.monitor, 1_000)
                .storageEngine(engine)
                .build();
        transactions = new TransactionTemplate(new DataSourceTransactionManager(counting));
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void isOneStatementAndTheCommitForAnAppend() {
        for (int number : new int[] {1, 2, 1_000}) {
            statements.clear();
            String id = "counter-" + UUID.randomUUID();

            transactions.executeWithoutResult(status -> engine.appendEvents(events(id, 0, number)));

            assertThat(statements).hasSize(2).last().isEqualTo("commit");
            assertThat(statements.get(0)).startsWith("insert into event_store.domain_event");
        }
    }

    @Test
    void isOneQueryForALoad() {
        String id = "counter-" + UUID.randomUUID();
        store.append(events(id, 0, 500));
        assertThat(statementsOfLoading(id, 500)).hasSize(1);
        DomainEventMessage<Counted> snapshot = new GenericDomainEventMessage<>("Counter", id, 400, new Counted(400));
        store.engine.storeSnapshot(snapshot);
        assertThat(statementsOfLoading(id, 100)).hasSize(1);
        assertThat(statementsOfLoading("counter-" + UUID.randomUUID(), 0)).hasSize(1);
    }

    @Test
    void isOneQueryForThePageOfAStream() {
        store.appendVisibly(event("counter-" + UUID.randomUUID(), 0));
        statements.clear();

        engine.readEvents(Position.START, false).forEach(message -> {});

        assertThat(statements).hasSize(1);
    }

    @Test
    void isOneStatementForAPageOfFrequentTypesAndShortOnesForRareTypes() {
        store.admin().update("""
                        insert into event_store.domain_event (transaction_id, event_id, aggregate_type, aggregate_id,
                            sequence_number, event_type, time, payload, metadata)
                        select cast((3 + i / 200)::text as xid8), gen_random_uuid(), type, lower(type) || '-' || i / 10, i % 10,
                               type || 'Changed', now(), '{}', '{}'
                        from generate_series(0, 100000) as i,
                             lateral (select case i when 100000 then 'User' else 'Order' end as type) types
                        order by i""");
        store.admin().execute("analyze event_store.domain_event");
        Position head = log.head();

        assertThat(statementsOf(() -> assertThat(log.readPage(Position.START, head, Set.of("Order"), 1_000)
                                .events())
                        .hasSize(1_000)))
                .hasSize(1);
        assertThat(statementsOf(() -> assertThat(log.extents("Order", Set.of("OrderChanged"), head, "", 1_000))
                        .hasSize(1_000)))
                .hasSize(1);
        assertThat(statementsOf(() -> assertThat(log.extents("User", Set.of("UserChanged"), head, "", 1_000))
                        .hasSize(1)))
                .hasSize(1);
        List<StoredEvent> users = new ArrayList<>();
        assertThat(statementsOf(() -> {
                    Position reached = Position.START;
                    while (head.isAfter(reached)) {
                        EventPage page = log.readPage(reached, head, Set.of("User"), 1_000);
                        users.addAll(page.events());
                        reached = page.end();
                    }
                }))
                .hasSize(12);
        assertThat(users).hasSize(1);
        assertThat(statementsOf(() -> assertThat(log.countBetween(Position.START, head, Set.of("User")))
                        .isEqualTo(1)))
                .hasSize(11);
        assertThat(statementsOf(
                        () -> assertThat(log.countBetween(Position.START, head)).isEqualTo(100_001)))
                .hasSize(11);
        assertThat(statementsOf(() -> assertThat(log.countsByType(Position.START, head))
                        .containsEntry("OrderChanged", 100_000L)
                        .containsEntry("UserChanged", 1L)))
                .hasSize(11);
        assertThat(statementsOf(() -> assertThat(log.beforeHistories(Position.START, head, Set.of("User")))
                        .isLessThan(head)))
                .hasSizeBetween(10, 14);
        assertThat(statementsOf(() -> assertThat(log.firstOf(Set.of("UserChanged"), Position.START, head))
                        .isPresent()))
                .hasSizeBetween(10, 12);
    }

    private List<String> statementsOf(Runnable read) {
        statements.clear();
        read.run();
        return statements;
    }

    private List<String> statementsOfLoading(String id, int events) {
        statements.clear();
        assertThat(this.events.readEvents(id).asStream().count()).isBetween((long) events, events + 1L);
        return statements;
    }

    /** Writes down what is executed. */
    private final class Counting extends DelegatingDataSource {

        Counting(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection target = super.getConnection();
            Class<?>[] types = {Connection.class};
            return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), types, (proxy, method, args) -> {
                if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                    statements.add(method.getName());
                }
                if (method.getName().equals("prepareStatement")) {
                    statements.add((String) args[0]);
                }
                if (method.getName().equals("createStatement")) {
                    statements.add("a statement");
                }
                try {
                    return method.invoke(target, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
        }
    }
}
