package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.query.replay.StalledBuild;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who empties the slot that readers don't see, and when nobody may. */
class IdleSlotIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;
    private JdbcTemplate jdbc;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database);
        jdbc = Tables.jdbc(database);
        events.user(1, "ada@example.com");
        events.placeMany(1, 50);
        events.confirm(1, T0);
        query.get("/api/orders", "Min-Event-Position", events.last(), "Prefer", "wait=20")
                .expect(200);
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    /** @return id of a replay that another instance works on, which has just begun */
    private long replayOf(String builder) {
        return jdbc.queryForObject("""
                insert into query_side.replay (projection, mode, state, requested_at, started_by, started_at, target, total,
                                               reached, reset_at, builder, builder_until)
                select 'order-summary', 'SIDE_BY_SIDE', 'RUNNING', now(), 'test', now(), ?, 51, '0-0-0', now(), ?,
                       now() + interval '1 minute'
                returning id
                """, Long.class, events.last(), builder);
    }

    private void copy(String from, String to) {
        jdbc.execute("insert into query_side.order_summary_%s select * from query_side.order_summary_%s"
                .formatted(to, from));
    }

    private void assertIsEmptySoon(String slot) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Tables.count(database, "order_summary_" + slot)
                                + Tables.count(database, "order_timeline_" + slot))
                        .isZero());
    }

    private void assertStaysFull(String slot) {
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Tables.count(database, "order_summary_" + slot))
                        .isEqualTo(50));
    }

    /** The builder of the one that was cancelled notices it when the next one is at work already. */
    @Test
    void isLeftAloneWhenAReplayIsCancelledAndTheNextOneFillsIt() {
        String cancelled = query.post("/api/admin/replays", "{\"projection\":\"order-summary\"}")
                .expect(202)
                .header("Location");
        query.patch(cancelled, "{\"ratePerSecond\": 10}");
        await().atMost(PATIENCE).until(() -> Tables.count(database, "order_summary_b") > 0);

        new TransactionTemplate(new JdbcTransactionManager(jdbc.getDataSource())).executeWithoutResult(status -> {
            jdbc.execute("update query_side.replay set state = 'CANCELLED', finished_at = now()");
            replayOf("another");
            jdbc.execute("truncate query_side.order_summary_b");
            copy("a", "b");
        });

        assertStaysFull("b");
    }

    @Test
    void isEmptiedWhenTheBuilderOfACancelledReplayHasDied() {
        long replay = replayOf("dead");
        copy("a", "b");

        query.delete("/api/admin/replays/" + replay).expect(204);

        assertIsEmptySoon("b");
        assertThat(Tables.count(database, "order_summary")).isEqualTo(50);
    }

    /** One instance has switched and stands still; another one goes on to the end, and the next replay begins. */
    @Test
    void isLeftAloneByABuilderThatStoodStillAfterTheSwitch() throws Exception {
        long replay = replayOf("stalls");
        CountDownLatch switched = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> build =
                CompletableFuture.runAsync(() -> StalledBuild.run(query::bean, replay, "stalls", () -> {
                    if (Tables.liveSlot(database, "order-summary").equals("b")) {
                        switched.countDown();
                        waitFor(goOn);
                    }
                }));
        assertThat(switched.await(30, TimeUnit.SECONDS)).isTrue();
        jdbc.execute("update query_side.replay set state = 'COMPLETED', builder = null, finished_at = now()");
        replayOf("another");
        jdbc.execute("truncate query_side.order_summary_a");
        copy("b", "a");

        goOn.countDown();
        build.get(30, TimeUnit.SECONDS);

        assertStaysFull("a");
    }

    /** The application would take it over. */
    @Test
    void isLeftToABuilderThatCountsForLongerThanItsLease() {
        long replay = replayOf("slow");
        jdbc.update("update query_side.replay set builder_until = now() + interval '3 seconds'");
        AtomicInteger connections = new AtomicInteger();
        EventLog slow = new EventLog(new DelegatingDataSource(query.bean(DataSource.class)) {
            @Override
            public Connection getConnection() throws SQLException {
                if (connections.incrementAndGet() <= 2) { // for the head, and for the count
                    sleep(Duration.ofSeconds(4));
                }
                return super.getConnection();
            }
        });
        AtomicInteger transactions = new AtomicInteger();

        StalledBuild.run(query::bean, replay, "slow", slow, transactions::incrementAndGet);

        assertThat(transactions).hasPositiveValue();
        assertThat(jdbc.queryForObject("select state from query_side.replay", String.class))
                .isEqualTo("COMPLETED");
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
