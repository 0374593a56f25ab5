package dev.eventshop.messaging.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class InboxIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static TestDatabase database;
    private static HikariDataSource pool;
    private static JdbcClient jdbc;
    private static Inbox inbox;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        Map<String, String> properties = database.springProperties("notification");
        Flyway.configure()
                .dataSource(
                        properties.get("spring.flyway.url"),
                        properties.get("spring.flyway.user"),
                        properties.get("spring.flyway.password"))
                .initSql("SET ROLE eventshop_owner")
                .schemas("inbox")
                .defaultSchema("inbox")
                .locations("classpath:db/messaging-service")
                .placeholders(Map.of("messaging-service-role", "notification"))
                .load()
                .migrate();
        pool = pool(null);
        jdbc = JdbcClient.create(pool);
        inbox = new Inbox(pool, new JdbcTransactionManager(pool));
    }

    private static HikariDataSource pool(String initSql) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.as("notification"));
        config.setSchema("inbox");
        config.setConnectionInitSql(initSql);
        return new HikariDataSource(config);
    }

    @AfterEach
    void clean() {
        jdbc.sql("delete from message_inbox").update();
    }

    @AfterAll
    static void stop() {
        pool.close();
        database.close();
    }

    private static int rows() {
        return jdbc.sql("select count(*) from message_inbox")
                .query(Integer.class)
                .single();
    }

    /** @return whether it was new */
    private static boolean handle(String messageId) {
        return !inbox.handleOnce("q", List.of(messageId), id -> {}).isEmpty();
    }

    private static void age(String messageId, int days) {
        jdbc.sql("update message_inbox set noted_at = now() - make_interval(days => ?) where message_id = ?")
                .param(days)
                .param(messageId)
                .update();
    }

    @Nested
    class HandleOnce {

        private final List<String> runs = new CopyOnWriteArrayList<>();

        private Set<String> handle(String queue, String... messageIds) {
            return inbox.handleOnce(queue, List.of(messageIds), runs::add);
        }

        @Test
        void runsTheHandlerForTheFirstDeliveryOnly() {
            assertThat(handle("q", "m")).containsExactly("m");
            assertThat(handle("q", "m")).isEmpty();
            assertThat(handle("another queue", "m")).containsExactly("m");
            assertThat(runs).containsExactly("m", "m");
        }

        @Test
        void runsTheHandlerForEachInTheirOrder() {
            handle("q", "m2");
            assertThat(handle("q", "m3", "m1", "m2", "m3")).containsExactly("m3", "m1");
            assertThat(runs).containsExactly("m2", "m3", "m1");
            assertThat(rows()).isEqualTo(3);
        }

        @Test
        void forgetsAllWhenAHandlerFails() {
            assertThatThrownBy(() -> inbox.handleOnce("q", List.of("m1", "m2"), id -> {
                        if (id.equals("m2")) {
                            throw new IllegalStateException("no");
                        }
                    }))
                    .hasMessage("no");
            assertThat(rows()).isZero();
        }

        @Test
        void makesTheSecondDeliveryWaitForTheFirst() throws Exception {
            CountDownLatch goOn = new CountDownLatch(1);
            CompletableFuture<Set<String>> first =
                    CompletableFuture.supplyAsync(() -> inbox.handleOnce("q", List.of("m1", "m2"), id -> {
                        runs.add(id);
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
            await().atMost(LONG).until(() -> runs.size() == 1);
            CompletableFuture<Set<String>> second = CompletableFuture.supplyAsync(() -> handle("q", "m3", "m2", "m1"));
            await().during(Duration.ofMillis(300)).until(() -> !second.isDone());
            goOn.countDown();
            assertThat(first.get()).containsExactly("m1", "m2");
            assertThat(second.get()).containsExactly("m3");
            assertThat(runs).containsExactly("m1", "m2", "m3");
        }
    }

    @Nested
    class Failures {

        @Test
        void areCountedFromTheFirstOn() {
            FailedAttempts first = inbox.failed("q", "m").orElseThrow();
            FailedAttempts second = inbox.failed("q", "m").orElseThrow();
            assertThat(first.count()).isEqualTo(1);
            assertThat(second.count()).isEqualTo(2);
            assertThat(second.firstAt())
                    .isEqualTo(first.firstAt())
                    .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(300));
        }

        @Test
        void endWithTheSuccess() {
            inbox.failed("q", "m");
            assertThat(handle("m")).isTrue();
            assertThat(handle("m")).isFalse();
            assertThat(inbox.failed("q", "m")).isEmpty();
        }

        @Test
        void canBeForgottenButNoSuccessCan() {
            inbox.failed("q", "m1");
            handle("m2");
            inbox.forgetFailures("q", "m1");
            inbox.forgetFailures("q", "m2");
            assertThat(inbox.failed("q", "m1").orElseThrow().count()).isEqualTo(1);
            assertThat(handle("m2")).isFalse();
        }
    }

    @Nested
    class TheProbe {

        @Test
        void leavesNothingBehind() {
            inbox.probe();
            inbox.probe();
            assertThat(rows()).isZero();
        }

        @Test
        void failsOnADatabaseThatTakesNoRows() {
            try (HikariDataSource replica = pool("set default_transaction_read_only = on")) {
                Inbox onReplica = new Inbox(replica, new JdbcTransactionManager(replica));
                assertThatThrownBy(onReplica::probe).hasMessageContaining("read-only");
            }
        }
    }

    @Nested
    class TheCleanUp {

        @Test
        void removesTheOldestInBatches() {
            for (int i = 1; i <= 5; i++) {
                handle("m" + i);
                age("m" + i, i * 10);
            }
            inbox.failed("q", "m6");
            age("m6", 40);
            assertThat(inbox.removeOlderThan(Duration.ofDays(25), 3)).isEqualTo(3);
            assertThat(inbox.removeOlderThan(Duration.ofDays(25), 3)).isEqualTo(1);
            assertThat(inbox.removeOlderThan(Duration.ofDays(25), 3)).isZero();
            assertThat(handle("m2")).isFalse();
            assertThat(handle("m3")).isTrue();
        }

        @Test
        void isDoneWhileTheApplicationRuns() {
            jdbc.sql("""
                            insert into message_inbox (queue, message_id, handled, noted_at)
                            select 'q', 'm' || i, true, now() - interval '31 days' from generate_series(1, 2500) i""").update();
            handle("young");
            InboxCleanUp cleanUp = new InboxCleanUp(inbox, Duration.ofDays(30), Duration.ofMillis(50));
            cleanUp.start();
            try {
                await().atMost(LONG).until(() -> rows() == 1);
                assertThat(cleanUp.isRunning()).isTrue();
            } finally {
                cleanUp.stop();
            }
            assertThat(cleanUp.isRunning()).isFalse();
        }
    }
}
