package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Calls with a key, against two instances. */
class IdempotencyIT {

    private static final String KEY = "Idempotency-Key";
    private static final String CUP = "{\"name\":\"Cup\",\"price\":1.50,\"initialStock\":5}";

    private static TestDatabase database;
    private static JdbcTemplate admin;
    private static RunningCommandSide one;
    private static RunningCommandSide other;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        admin = new JdbcTemplate(database.admin());
        one = RunningCommandSide.start(database);
        other = RunningCommandSide.start(database, "eventshop.command-side.idempotency.wait-for=300ms");
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
        database.close();
    }

    @Nested
    class InParallel {

        @Test
        void placeOneOrderAndAreAllAnsweredTheSame() throws Exception {
            String order = order(one);
            int before = events("OrderCreatedEvent");

            List<Answer> answers = inParallel(100, i -> one.post("/api/orders", order, KEY, "parallel-orders"));

            assertThat(answers).extracting(Answer::status).containsOnly(201);
            assertThat(answers).extracting(IdempotencyIT::essence).containsOnly(essence(answers.get(0)));
            assertThat(events("OrderCreatedEvent") - before).isOne();
        }

        @Test
        void haveOneEffectOnTwoInstances() throws Exception {
            int product = one.product(100);
            int before = events("ProductStockUpdatedEvent");

            List<Answer> answers =
                    inParallel(60, i -> (i % 2 == 0 ? one : other).adjust(product, -1, KEY, "two-instances"));

            assertThat(answers).extracting(Answer::status).containsOnly(204);
            assertThat(answers).extracting(IdempotencyIT::essence).containsOnly(essence(answers.get(0)));
            assertThat(events("ProductStockUpdatedEvent") - before).isOne();
        }

        @Test
        void registerOnePersonThoughTheirAddressIsTakenThen() throws Exception {
            List<Answer> answers = inParallel(
                    40,
                    i -> (i % 2 == 0 ? one : other)
                            .post("/api/users", registration("idempotent@example.com"), KEY, "registration"));

            assertThat(answers).extracting(Answer::status).containsOnly(201);
            assertThat(answers).extracting(IdempotencyIT::essence).containsOnly(essence(answers.get(0)));
        }
    }

    @Nested
    class ARepeatedCall {

        @Test
        void isAnsweredTheSameAfterARestart() {
            String order = order(one);
            Answer first = one.post("/api/orders", order, KEY, "restart").expect(201);
            try (RunningCommandSide restarted = RunningCommandSide.start(database)) {
                assertThat(essence(restarted.post("/api/orders", order, KEY, "restart")))
                        .isEqualTo(essence(first));
            }
        }

        @Test
        void isTheSameHoweverItsJsonIsWritten() {
            Answer first = one.post("/api/products", CUP, KEY, "spaces").expect(201);

            Answer again = one.post(
                    "/api/products", " {\"initialStock\": 5, \"price\": 1.50, \"name\": \"Cup\"}", KEY, "spaces");

            assertThat(essence(again)).isEqualTo(essence(first));
        }

        @Test
        void isRefusedWithAnotherBody() {
            one.post("/api/products", CUP, KEY, "reused").expect(201);

            Answer again = other.post("/api/products", CUP.replace("5}", "6}"), KEY, "reused");

            assertThat(again.expect(422).code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        }

        @Test
        void isRefusedOnAnotherCondition() {
            int product = one.product(10);
            one.adjust(product, 1, KEY, "condition", "If-Match", "\"0\"").expect(204);

            assertThat(one.adjust(product, 1, KEY, "condition").expect(422).code())
                    .isEqualTo("IDEMPOTENCY_KEY_REUSED");
            one.adjust(product, 1, KEY, "condition", "If-Match", "\"0\"").expect(204);
        }

        @Test
        void isAnotherOneOfAnotherCallerOrRoute() {
            String[] staff = RunningCommandSide.as("somebody", "staff");
            Answer mine = one.post("/api/products", CUP, KEY, "shared").expect(201);
            Answer theirs = one.post("/api/products", CUP, KEY, "shared", staff[0], staff[1])
                    .expect(201);
            int product = one.product(10);

            assertThat(theirs.header("Location")).isNotEqualTo(mine.header("Location"));
            assertThat(one.adjust(product, 1, KEY, "shared").expect(204).version())
                    .isOne();
            assertThat(one.adjust(one.product(10), 1, KEY, "shared").expect(204).version())
                    .isOne();
            assertThat(one.adjust(product, 1).expect(204).version()).isEqualTo(2);
        }

        @Test
        void isRefusedAsBeforeThoughItWouldSucceedByNow() {
            int product = one.product(1);
            Answer refused = one.adjust(product, -2, KEY, "refusal").expect(422);
            one.adjust(product, 5).expect(204);

            Answer again = other.adjust(product, -2, KEY, "refusal");

            assertThat(essence(again)).isEqualTo(essence(refused));
            assertThat(again.code()).isEqualTo("INSUFFICIENT_STOCK");
            one.adjust(product, -2, KEY, "another").expect(204);
        }

        @Test
        void isCarriedOutWhenTheFirstWasNotEvenUnderstood() {
            one.post("/api/products", "{\"name\":\"\"}", KEY, "form").expect(422);
            one.post("/api/products", "{", KEY, "form").expect(400);
            String[] customer = RunningCommandSide.as("operator", "customer");
            one.post("/api/products", CUP, KEY, "form", customer[0], customer[1])
                    .expect(403);

            one.post("/api/products", CUP, KEY, "form").expect(201);
        }

        @Test
        void isCarriedOutWhenTheFirstWasRolledBack() {
            admin.execute("""
                    create function command_side.fail() returns trigger language plpgsql as
                    $$ begin raise exception 'at the commit'; end $$""");
            admin.execute("""
                    create constraint trigger fails after insert on command_side.idempotency_key
                    deferrable initially deferred for each row execute function command_side.fail()""");
            int before = events("ProductCreatedEvent");
            try {
                assertThat(one.post("/api/products", CUP, KEY, "rollback").status())
                        .isGreaterThanOrEqualTo(500);
            } finally {
                admin.execute("drop trigger fails on command_side.idempotency_key");
            }
            assertThat(events("ProductCreatedEvent")).isEqualTo(before);

            Answer first = one.post("/api/products", CUP, KEY, "rollback").expect(201);
            assertThat(essence(one.post("/api/products", CUP, KEY, "rollback"))).isEqualTo(essence(first));
            assertThat(events("ProductCreatedEvent") - before).isOne();
        }

        @Test
        void isToldToComeBackWhileTheFirstRuns() throws Exception {
            String body = registration("slow@example.com");
            try (Connection connection = database.admin().getConnection();
                    Statement lock = connection.createStatement()) {
                connection.setAutoCommit(false);
                lock.execute("lock table command_side.registered_user in share mode");
                CompletableFuture<Answer> first =
                        CompletableFuture.supplyAsync(() -> other.post("/api/users", body, KEY, "slow"));
                await().until(() -> isWaiting());

                Answer second = other.post("/api/users", body, KEY, "slow");

                assertThat(second.expect(503).code()).isEqualTo("IDEMPOTENCY_KEY_IN_USE");
                assertThat(second.header("Retry-After")).isNotEmpty();
                connection.rollback();
                assertThat(essence(other.post("/api/users", body, KEY, "slow")))
                        .isEqualTo(essence(first.get().expect(201)));
            }
        }

        private static boolean isWaiting() {
            return Boolean.TRUE.equals(admin.queryForObject(
                    "select exists (select from pg_locks where not granted and locktype = 'relation')", Boolean.class));
        }
    }

    @Nested
    class AKey {

        @ParameterizedTest
        @ValueSource(strings = {"two words", "a\ttab", "\t"})
        void isOfPrintableAscii(String key) {
            assertRefused(one.post("/api/products", CUP, KEY, key));
        }

        @Test
        void isBounded() {
            one.post("/api/products", CUP, KEY, "k".repeat(255)).expect(201);

            assertRefused(one.post("/api/products", CUP, KEY, "k".repeat(256)));
        }

        @Test
        void isKnownForAWhileAndThenForgotten() {
            try (RunningCommandSide forgetful = RunningCommandSide.start(
                    database,
                    "eventshop.command-side.idempotency.retention=1s",
                    "eventshop.command-side.idempotency.clean-up-interval=1h")) {
                String first = forgetful
                        .post("/api/products", CUP, KEY, "forgotten")
                        .expect(201)
                        .header("Location");

                await().untilAsserted(() -> assertThat(forgetful
                                .post("/api/products", CUP, KEY, "forgotten")
                                .expect(201)
                                .header("Location"))
                        .isNotEqualTo(first));
            }
        }

        @Test
        void isRemovedWhenItIsForgotten() {
            try (RunningCommandSide forgetful = RunningCommandSide.start(
                    database,
                    "eventshop.command-side.idempotency.retention=1ms",
                    "eventshop.command-side.idempotency.clean-up-interval=50ms")) {
                forgetful.post("/api/products", CUP, KEY, "removed").expect(201);
                await().untilAsserted(() -> assertThat(admin.queryForObject(
                                "select count(*) from command_side.idempotency_key", Integer.class))
                        .isZero());
            }
        }

        private static void assertRefused(Answer answer) {
            assertThat(answer.expect(422).json().at("/errors/0/field").asString())
                    .isEqualTo(KEY);
        }
    }

    private static String essence(Answer answer) {
        return answer.status() + " " + answer.header("Location") + " " + answer.header("ETag") + " " + answer.position()
                + " " + answer.response().body();
    }

    private static String order(RunningCommandSide shop) {
        int user = shop.user("orders-" + System.nanoTime() + "@example.com");
        return "{\"userId\":" + user + ",\"items\":[{\"productId\":" + shop.product(100) + ",\"quantity\":2}]}";
    }

    private static String registration(String email) {
        return "{\"email\":\"" + email + "\",\"fullName\":\"Ada Lovelace\"}";
    }

    private static int events(String type) {
        return admin.queryForObject(
                "select count(*)::int from event_store.domain_event where event_type = ?", Integer.class, type);
    }

    private static List<Answer> inParallel(int calls, Numbered call) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(calls);
        try {
            CyclicBarrier start = new CyclicBarrier(calls);
            List<Future<Answer>> futures = IntStream.range(0, calls)
                    .mapToObj(i -> executor.submit(() -> {
                        start.await();
                        return call.call(i);
                    }))
                    .toList();
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } finally {
            executor.shutdownNow();
        }
    }

    private interface Numbered {
        Answer call(int number) throws SQLException;
    }
}
