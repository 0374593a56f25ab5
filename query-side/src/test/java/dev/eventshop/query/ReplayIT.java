package dev.eventshop.query;

import static dev.eventshop.query.RunningQuerySide.as;
import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("try") // a lock is held, not used
class ReplayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

    /** Not a {@code @Configuration}, which would be found by every instance. */
    static class ClockAhead {

        @Bean
        static BeanPostProcessor clockAhead() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Clock clock ? Clock.offset(clock, Duration.ofMinutes(10)) : bean;
                }
            };
        }
    }

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
    }

    @AfterEach
    void stop() {
        if (query != null) {
            query.close();
        }
        events.close();
        database.close();
    }

    private void run(String... properties) {
        query = RunningQuerySide.on(database, properties);
    }

    private void history() {
        for (int i = 1; i <= 20; i++) {
            events.product(i, "Product " + i, i + ".90", 100);
            events.stock(i, 100, 90, T0.plusSeconds(i), EventWriter.reserved(i));
            events.price(i, i + ".90", i + ".50", T0.plusSeconds(2 * i));
            events.user(i, "u" + i + "@example.com");
        }
        events.eraseUser(3);
        events.placeMany(1, 300);
        for (int i = 1; i <= 300; i += 7) {
            events.confirm(i, T0.plusSeconds(i));
            if (i % 2 == 0) {
                events.cancel(i, 1 + (i - 1) % 10, "CONFIRMED", T0.plusSeconds(100_000 + i));
            }
        }
        awaitHead();
    }

    private void awaitHead() {
        String head = events.last();
        for (String path : List.of("/api/orders", "/api/products", "/api/users/1", "/api/statistics/sales")) {
            assertThat(query.get(path, "Min-Event-Position", head, "Prefer", "wait=30")
                            .status())
                    .isIn(200, 404);
        }
    }

    private static String body(String projection) {
        return "{\"projection\":\"" + projection + "\",\"mode\":\"IN_PLACE\"}";
    }

    private JsonNode replay(String location) {
        return query.get(location).expect(200).json();
    }

    private String state(String location) {
        return replay(location).get("state").asString();
    }

    private void awaitState(String location, String state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> state(location).equals(state));
    }

    private String processorState(String projection) {
        return query.get("/api/admin/processors")
                .json()
                .get("items")
                .valueStream()
                .filter(p -> p.get("projection").asString().equals(projection))
                .findFirst()
                .orElseThrow()
                .get("state")
                .asString();
    }

    @Nested
    class InPlace {

        @ParameterizedTest
        @ValueSource(strings = {"product-catalog", "order-summary", "user-profile", "sales-statistics"})
        void makesEveryRowAsItWas(String projection) {
            run("eventshop.query.batch-size=50");
            history();
            Map<String, List<String>> before = Tables.dumpAll(database);

            Answer accepted = query.post("/api/admin/replays", body(projection)).expect(202);

            String location = accepted.header("Location");
            assertThat(location).matches("/api/admin/replays/[0-9]+");
            assertThat(accepted.json().get("projection").asString()).isEqualTo(projection);
            assertThat(accepted.json().get("mode").asString()).isEqualTo("IN_PLACE");
            awaitState(location, "COMPLETED");
            assertThat(Tables.dumpAll(database)).isEqualTo(before);
            JsonNode done = replay(location);
            assertThat(done.propertyNames())
                    .containsExactly(
                            "id",
                            "projection",
                            "mode",
                            "from",
                            "state",
                            "processed",
                            "total",
                            "percent",
                            "eventsPerSecond",
                            "remainingSeconds",
                            "ratePerSecond",
                            "startedAt",
                            "finishedAt",
                            "startedBy",
                            "error");
            assertThat(done.get("percent").intValue()).isEqualTo(100);
            assertThat(done.get("processed")).isEqualTo(done.get("total"));
            assertThat(done.get("total").longValue())
                    .isEqualTo(events.log()
                            .countBetween(
                                    dev.eventshop.eventstore.Position.START,
                                    events.log().head()));
            assertThat(done.get("startedBy").asString()).isEqualTo("operator");
            assertThat(done.get("error").isNull()).isTrue();
            assertThat(processorState(projection)).isEqualTo("RUNNING");
        }

        /** Whoever still works on a segment, in this instance as well, keeps the tables from being emptied. */
        @Test
        void isNotCompleteBeforeEveryRowIsThereHoweverOftenItIsRepeated() {
            run("eventshop.query.batch-size=20", "eventshop.query.replays.step-interval=5ms");
            history();
            Map<String, List<String>> before = Tables.dumpAll(database);
            for (int round = 0; round < 15; round++) {
                String location = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");

                awaitState(location, "COMPLETED");

                assertThat(Tables.dumpAll(database)).as("round %d", round).isEqualTo(before);
            }
        }

        /** The view may be emptied between the answer that it has the position and the query. */
        @Test
        void makesAReadThatNamesItsWriteWaitOrGiveUpButNeverTellsItThatThereIsNothing() throws Exception {
            run("eventshop.query.replays.step-interval=5ms");
            history();
            String head = events.last();
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Map<Integer, Long>>> readers = IntStream.range(0, 6)
                    .mapToObj(reader -> CompletableFuture.supplyAsync(() -> reads(over, reader, head)))
                    .toList();
            int replays = 25;
            try {
                for (int i = 0; i < replays; i++) {
                    String location = query.post("/api/admin/replays", body("order-summary"))
                            .expect(202)
                            .header("Location");
                    awaitState(location, "COMPLETED");
                }
            } finally {
                over.set(true);
            }

            Map<Integer, Long> answers = new TreeMap<>();
            for (CompletableFuture<Map<Integer, Long>> reader : readers) {
                reader.get(30, TimeUnit.SECONDS).forEach((status, count) -> answers.merge(status, count, Long::sum));
            }
            System.out.printf("reads that name their write, during %d replays: %s%n", replays, answers);
            assertThat(answers).containsKey(200).doesNotContainKey(404);
            assertThat(answers.keySet()).isSubsetOf(200, 503);
        }

        private Map<Integer, Long> reads(AtomicBoolean over, int reader, String position) {
            Map<Integer, Long> answers = new TreeMap<>();
            for (int i = reader; !over.get(); i++) {
                String path = "/api/orders/" + (1 + i % 300) + (i % 2 == 0 ? "" : "/history");
                answers.merge(query.get(path, "Min-Event-Position", position).status(), 1L, Long::sum);
            }
            return answers;
        }

        @Test
        void bringsARowBackThatWasLostAndOneThatWasSpoiled() {
            run();
            history();
            Map<String, List<String>> before = Tables.dumpAll(database);
            Tables.jdbc(database).update("delete from query_side.order_summary_a where order_id = 17");
            Tables.jdbc(database).update("update query_side.order_summary_a set status = 'LOST' where order_id = 18");
            Tables.jdbc(database)
                    .update("insert into query_side.order_timeline_a values (4711, 0, 'Ghost', now(), '{}')");

            String location = query.post("/api/admin/replays", body("order-summary"))
                    .expect(202)
                    .header("Location");

            awaitState(location, "COMPLETED");
            assertThat(Tables.dumpAll(database)).isEqualTo(before);
        }

        @Test
        void showsItsProgressWhichNeverGoesBack() {
            run("eventshop.query.batch-size=20", "eventshop.query.replays.step-interval=20ms");
            events.placeMany(1, 10_000);
            awaitHead();

            String location = query.post("/api/admin/replays", body("sales-statistics"))
                    .expect(202)
                    .header("Location");

            List<Integer> percents = new ArrayList<>();
            List<Long> rates = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        JsonNode now = replay(location);
                        percents.add(now.get("percent").intValue());
                        if (now.get("state").asString().equals("RUNNING")
                                && !now.get("eventsPerSecond").isNull()) {
                            rates.add(now.get("eventsPerSecond").longValue());
                        }
                        return now.get("state").asString().equals("COMPLETED");
                    });
            assertThat(percents).isSorted().endsWith(100);
            assertThat(percents.stream().distinct().count()).isGreaterThan(5);
            assertThat(rates).isNotEmpty().allMatch(rate -> rate > 0);
            System.out.println("replay of 10 000 events, batch 20: " + replay(location));
        }

        @Test
        void goesOnWithWhatIsAppendedMeanwhile() {
            run("eventshop.query.batch-size=20");
            events.placeMany(1, 3_000);
            awaitHead();
            String location = query.post("/api/admin/replays", body("order-summary"))
                    .expect(202)
                    .header("Location");
            for (int i = 3_001; i <= 3_050; i++) {
                events.order(i, 1, T0.plusSeconds(i), item(1, 1, "1.00"));
            }

            awaitState(location, "COMPLETED");
            awaitHead();

            assertThat(Tables.count(database, "order_summary_a")).isEqualTo(3_050);
            assertThat(Tables.count(database, "order_timeline_a")).isEqualTo(3_050);
        }

        @Test
        void ofAnEmptyStoreIsCompleteAtOnce() {
            run();
            String location = query.post("/api/admin/replays", body("user-profile"))
                    .expect(202)
                    .header("Location");

            awaitState(location, "COMPLETED");
            assertThat(replay(location).get("percent").intValue()).isEqualTo(100);
        }
    }

    @Nested
    class WhileTheTablesCantBeEmptied {

        @Test
        void theProjectionIsPausedAndReadersStillSeeIt() {
            run();
            history();
            String location;
            try (TableLock lock = TableLock.againstEmptying(database, "order_summary_a")) {
                location = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");

                await().atMost(PATIENCE)
                        .until(() -> processorState("order-summary").equals("PAUSED"));
                assertThat(processorState("product-catalog")).isEqualTo("RUNNING");
                assertThat(state(location)).isEqualTo("RUNNING");
                query.get("/api/orders/17").expect(200);
            }
            awaitState(location, "COMPLETED");
        }

        @Test
        void aSecondReplayOfTheSameProjectionIsRefusedAndOneOfAnotherIsNot() {
            run();
            history();
            try (TableLock lock = TableLock.againstEmptying(database, "order_summary_a")) {
                String location = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");

                Answer refused =
                        query.post("/api/admin/replays", body("order-summary")).expect(409);
                assertThat(refused.code()).isEqualTo("REPLAY_RUNNING");
                awaitState(location, "RUNNING");
                query.post("/api/admin/replays", body("order-summary")).expect(409);
                query.post("/api/admin/replays", body("user-profile")).expect(202);
                lock.close();
                awaitState(location, "COMPLETED");
            }
            query.post("/api/admin/replays", body("order-summary")).expect(202);
        }

        @Test
        void moreThanTheBoundAreQueued() {
            run("eventshop.query.replays.max-concurrent=1");
            history();
            String second;
            String third;
            try (TableLock lock = TableLock.againstEmptying(database, "order_summary_a")) {
                String first = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");
                awaitState(first, "RUNNING");
                second = query.post("/api/admin/replays", body("user-profile"))
                        .expect(202)
                        .header("Location");
                third = query.post("/api/admin/replays", body("product-catalog"))
                        .expect(202)
                        .header("Location");
                query.post("/api/admin/replays", body("user-profile")).expect(409);

                await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
                assertThat(state(second)).isEqualTo("QUEUED");
                assertThat(replay(third).get("startedAt").isNull()).isTrue();
            }
            awaitState(second, "COMPLETED");
            awaitState(third, "COMPLETED");
            assertThat(query.get("/api/admin/replays")
                            .json()
                            .get("items")
                            .valueStream()
                            .map(replay -> replay.get("projection").asString()))
                    .containsExactly("product-catalog", "user-profile", "order-summary");
            Answer page = query.get("/api/admin/replays?limit=2").expect(200);
            assertThat(query.get("/api/admin/replays?limit=2&cursor=" + page.next())
                            .json()
                            .get("items"))
                    .hasSize(1);
        }

        @Test
        void itFailsAfterAWhileAndTheViewIsAsBefore() {
            run("eventshop.query.replays.pause-timeout=1s");
            history();
            Map<String, List<String>> before = Tables.dumpAll(database);
            try (TableLock lock = TableLock.againstEmptying(database, "order_summary_a")) {
                String location = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");

                awaitState(location, "FAILED");
                assertThat(replay(location).get("error").asString()).isNotBlank();
                assertThat(replay(location).get("finishedAt").isNull()).isFalse();
            }
            await().atMost(PATIENCE).until(() -> processorState("order-summary").equals("RUNNING"));
            assertThat(Tables.dumpAll(database)).isEqualTo(before);
            String position = events.order(9_000, 1, T0, item(1, 1, "1.00"));
            query.get("/api/orders/9000", "Min-Event-Position", position).expect(200);
        }

        @Test
        void itWaitsByTheClockOfTheDatabase() {
            query = RunningQuerySide.on(database, new Class<?>[] {ClockAhead.class});
            history();
            String location;
            try (TableLock lock = TableLock.againstEmptying(database, "order_summary_a")) {
                String begun = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");

                awaitState(begun, "RUNNING");
                await().during(Duration.ofSeconds(1)).until(() -> state(begun).equals("RUNNING"));
                location = begun;
            }
            awaitState(location, "COMPLETED");
        }

        @Test
        void aRestartDoesNotForgetIt() {
            run();
            history();
            Map<String, List<String>> before = Tables.dumpAll(database);
            String location;
            try (TableLock lock = TableLock.againstEmptying(database, "order_summary_a")) {
                location = query.post("/api/admin/replays", body("order-summary"))
                        .expect(202)
                        .header("Location");
                await().atMost(PATIENCE)
                        .until(() -> processorState("order-summary").equals("PAUSED"));
                query.close();
                run();
                assertThat(state(location)).isEqualTo("RUNNING");
            }
            awaitState(location, "COMPLETED");
            assertThat(Tables.dumpAll(database)).isEqualTo(before);
        }
    }

    @Nested
    class Restart {

        @Test
        void inTheMiddleOfAReplayIsFollowedByItsRest() {
            run("eventshop.query.batch-size=5", "eventshop.query.replays.step-interval=20ms");
            events.placeMany(1, 20_000);
            for (String path : List.of("/api/orders", "/api/statistics/sales")) {
                query.get(path, "Min-Event-Position", events.last(), "Prefer", "wait=30")
                        .expect(200);
            }
            Map<String, List<String>> before = Tables.dumpAll(database);
            String location = query.post("/api/admin/replays", body("sales-statistics"))
                    .expect(202)
                    .header("Location");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> replay(location).get("processed").longValue() > 1_000);
            query.close();

            assertThat(Tables.jdbc(database).queryForObject("select state from query_side.replay", String.class))
                    .isEqualTo("RUNNING");
            assertThat(Tables.count(database, "sales_order_a")).isBetween(1_000L, 19_999L);
            run();

            assertThat(replay(location).get("processed").longValue()).isGreaterThan(1_000);
            awaitState(location, "COMPLETED");
            assertThat(Tables.dumpAll(database)).isEqualTo(before);
        }
    }

    @Test
    void itsStreamEndsAtOnceForWhoHasSeenTheEndAndTellsWhoKnowsOfSomethingElse() {
        run();
        history();
        String location = query.post("/api/admin/replays", body("product-catalog"))
                .expect(202)
                .header("Location");
        awaitState(location, "COMPLETED");
        String last;
        try (EventStream whole = EventStream.of(query, location + "/stream", as("watching", "operator"))) {
            await().atMost(PATIENCE).until(whole::isEnded);
            last = whole.events().get(whole.events().size() - 1).id();
        }

        String[] token = as("watching", "operator");
        try (EventStream again =
                EventStream.of(query, location + "/stream", token[0], token[1], "Last-Event-ID", last)) {
            await().atMost(PATIENCE).until(again::isEnded);
            assertThat(again.events()).isEmpty();
        }
        try (EventStream beyond =
                EventStream.of(query, location + "/stream", token[0], token[1], "Last-Event-ID", last + "000")) {
            await().atMost(PATIENCE).until(beyond::isEnded);
            assertThat(beyond.events()).hasSize(1);
            assertThat(beyond.events().get(0).data()).isEqualTo(replay(location));
        }
    }
}
