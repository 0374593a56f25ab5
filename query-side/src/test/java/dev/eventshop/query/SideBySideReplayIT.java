package dev.eventshop.query;

import static dev.eventshop.query.RunningQuerySide.as;
import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.query.projection.OldSlot;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("try") // a lock is held, not used
class SideBySideReplayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

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

    private String replay(String projection) {
        return query.post("/api/admin/replays", "{\"projection\":\"" + projection + "\"}")
                .expect(202)
                .header("Location");
    }

    /** One that takes long enough for something to happen meanwhile. */
    private String slowReplay(String projection) {
        String location;
        String table = Tables.OF_PROJECTION.get(projection).get(0);
        try (TableLock lock = TableLock.againstEmptying(database, table + "_" + idleSlot(projection))) {
            location = replay(projection);
            query.patch(location, "{\"ratePerSecond\": 20}").expect(200);
        }
        await().atMost(PATIENCE).until(() -> show(location).get("processed").longValue() > 0);
        return location;
    }

    private JsonNode show(String location) {
        return query.get(location).expect(200).json();
    }

    private String state(String location) {
        return show(location).get("state").asString();
    }

    private void awaitState(String location, String state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> state(location).equals(state));
    }

    private String idleSlot(String projection) {
        return Tables.liveSlot(database, projection).equals("a") ? "b" : "a";
    }

    private void assertIdleIsEmpty(String projection) {
        String idle = idleSlot(projection);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                Tables.dumpSlot(database, projection, idle).values())
                        .allSatisfy(rows -> assertThat(rows).isEmpty()));
    }

    private List<String> generations(String projection) {
        return query.get("/api/admin/processors")
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .filter(each -> each.get("projection").asString().equals(projection))
                .flatMap(each -> each.get("generations").valueStream())
                .map(each -> each.get("slot").asString() + " "
                        + each.get("state").asString() + " " + each.get("number") + " " + each.get("replay"))
                .toList();
    }

    @Test
    void makesTheNextGenerationWhichTakesThePlaceOfTheLiveOne() {
        run();
        history();
        assertThat(generations("order-summary")).containsExactly("a LIVE 1 null", "b IDLE null null");

        String location = slowReplay("order-summary");

        String id = location.substring(location.lastIndexOf('/') + 1);
        assertThat(generations("order-summary")).containsExactly("a LIVE 1 null", "b BUILDING 2 " + id);
        assertThat(generations("user-profile")).containsExactly("a LIVE 1 null", "b IDLE null null");
        query.patch(location, "{\"ratePerSecond\": null}").expect(200);
        awaitState(location, "COMPLETED");
        assertThat(generations("order-summary")).containsExactly("a IDLE null null", "b LIVE 2 null");
    }

    /** In one page of two batches, of which the second one needs what the first one writes. */
    @Test
    void appliesBatchesOfRowsThatAggregatesShareOneAfterTheOther() {
        run();
        events.placeMany(1, 500);
        for (int i = 1; i <= 240; i++) {
            events.cancel(i, 1 + (i - 1) % 10, "PENDING", T0.plusSeconds(100_000 + i));
        }
        awaitHead();
        Map<String, List<String>> before = Tables.dumpLive(database, "sales-statistics");

        awaitState(replay("sales-statistics"), "COMPLETED");

        assertThat(Tables.dumpLive(database, "sales-statistics")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"product-catalog", "order-summary", "user-profile", "sales-statistics"})
    void makesEveryRowAsItWasAndAgainInTheOtherSlot(String projection) {
        run();
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, projection);

        for (String slot : List.of("b", "a", "b")) {
            String location = replay(projection);
            assertThat(show(location).get("mode").asString()).isEqualTo("SIDE_BY_SIDE");
            awaitState(location, "COMPLETED");

            assertThat(Tables.liveSlot(database, projection)).isEqualTo(slot);
            assertThat(Tables.dumpLive(database, projection)).isEqualTo(before);
            assertIdleIsEmpty(projection);
            JsonNode done = show(location);
            assertThat(done.get("percent").intValue()).isEqualTo(100);
            assertThat(done.get("processed")).isEqualTo(done.get("total"));
            assertThat(done.get("total").longValue()).isPositive();
            assertThat(done.get("error").isNull()).isTrue();
        }
        events.product(21, "Tea", "3.00", 5);
        events.user(21, "u21@example.com");
        events.order(1_001, 21, T0, item(21, 1, "3.00"));
        awaitHead();
        query.get("/api/products/21").expect(200);
        query.get("/api/users/21").expect(200);
        query.get("/api/orders/1001").expect(200);
    }

    /** With writes and reads all the time; each reader names what was written last. */
    @Test
    void isNotNoticedByReadersAndWriters() throws Exception {
        run("eventshop.query.replays.step-interval=5ms");
        history();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
            int order = 1_000;
            while (!over.get()) {
                order++;
                String position = events.order(order, 1, T0.plusSeconds(order), item(1, 1, "1.00"));
                query.get("/api/orders/" + order, "Min-Event-Position", position, "Prefer", "wait=20")
                        .expect(200);
            }
            return order - 1_000;
        });
        List<CompletableFuture<Map<Integer, Long>>> readers = IntStream.range(0, 4)
                .mapToObj(reader -> CompletableFuture.supplyAsync(() -> {
                    Map<Integer, Long> answers = new TreeMap<>();
                    for (int i = reader; !over.get(); i++) {
                        String path = "/api/orders/" + (1 + i % 300) + (i % 2 == 0 ? "" : "/history");
                        answers.merge(query.get(path).status(), 1L, Long::sum);
                    }
                    return answers;
                }))
                .toList();
        int replays = 15;
        try {
            for (int i = 0; i < replays; i++) {
                awaitState(replay("order-summary"), "COMPLETED");
            }
        } finally {
            over.set(true);
        }

        int written = writer.get(60, TimeUnit.SECONDS);
        Map<Integer, Long> answers = new TreeMap<>();
        for (CompletableFuture<Map<Integer, Long>> reader : readers) {
            reader.get(30, TimeUnit.SECONDS).forEach((status, count) -> answers.merge(status, count, Long::sum));
        }
        System.out.printf("during %d replays: %d orders placed, reads: %s%n", replays, written, answers);
        assertThat(answers).containsOnlyKeys(200);
        assertThat(written).isPositive();
        awaitHead();
        Map<String, List<String>> live = Tables.dumpLive(database, "order-summary");
        assertThat(live.get("order_summary")).hasSize(300 + written);
        awaitState(replay("order-summary"), "COMPLETED");
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(live);
    }

    @Test
    void letsTheLiveViewGoOnMeanwhile() {
        run();
        history();
        String location = slowReplay("order-summary");

        String position = events.order(1_001, 1, T0, item(1, 1, "1.00"));
        query.get("/api/orders/1001", "Min-Event-Position", position).expect(200);

        assertThat(state(location)).isEqualTo("RUNNING");
        assertThat(Tables.liveSlot(database, "order-summary")).isEqualTo("a");
        assertThat(show(location).get("eventsPerSecond").longValue()).isLessThan(60);
        for (String bound : List.of("0", "-1", "\"x\"")) {
            query.patch(location, "{\"ratePerSecond\": " + bound + "}").expect(422);
        }
        query.patch(location, "{\"ratePerSecond\": null}").expect(200);
        awaitState(location, "COMPLETED");
        query.get("/api/orders/1001").expect(200);
        query.patch(location, "{\"ratePerSecond\": 5}").expect(409);
    }

    @Test
    void leavesTheViewAsItIsWhenItIsCancelled() {
        run();
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        String location = slowReplay("order-summary");

        query.delete(location).expect(204);

        assertThat(state(location)).isEqualTo("CANCELLED");
        assertThat(show(location).get("finishedAt").isNull()).isFalse();
        assertThat(Tables.liveSlot(database, "order-summary")).isEqualTo("a");
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
        assertIdleIsEmpty("order-summary");
        query.delete(location).expect(409);
        String position = events.order(1_001, 1, T0, item(1, 1, "1.00"));
        query.get("/api/orders/1001", "Min-Event-Position", position).expect(200);
        awaitState(replay("order-summary"), "COMPLETED");
    }

    @Test
    void leavesTheViewAsItIsWhenItIsCancelledOnTheWayToTheSwitch() {
        run();
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        try (TableLock lock = TableLock.againstEmptying(database, "order_summary")) {
            String location = replay("order-summary");
            awaitState(location, "SWITCHING");

            query.delete(location).expect(204);
        }

        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
        assertIdleIsEmpty("order-summary");
        String position = events.order(1_001, 1, T0, item(1, 1, "1.00"));
        query.get("/api/orders/1001", "Min-Event-Position", position).expect(200);
    }

    @Test
    void canBeAskedForAgainAsSoonAsItIsCancelled() {
        run("eventshop.query.replays.step-interval=5ms");
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        for (int i = 0; i < 5; i++) {
            String cancelled = slowReplay("order-summary");

            query.delete(cancelled).expect(204);
            awaitState(replay("order-summary"), "COMPLETED");

            assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
            assertIdleIsEmpty("order-summary");
        }
    }

    @Test
    void isNotSlowedDownWhileTheViewStandsStill() {
        run();
        history();
        String position = "";
        try (TableLock lock = TableLock.againstEmptying(database, "order_summary")) {
            String location = replay("order-summary");
            awaitState(location, "SWITCHING");
            query.patch(location, "{\"ratePerSecond\": 2}").expect(200);
            long patched = revision();
            await().atMost(PATIENCE).until(() -> revision() > patched + 1); // by the builder, which has seen it
            for (int i = 1_001; i <= 1_040; i++) {
                position = events.order(i, 1, T0, item(1, 1, "1.00"));
            }
        }

        query.get("/api/orders/1040", "Min-Event-Position", position, "Prefer", "wait=8")
                .expect(200);
    }

    private long revision() {
        return Tables.jdbc(database).queryForObject("select revision from query_side.replay", Long.class);
    }

    /** A batch that is not through, of an instance that has lost its claim: the builder has written something already. */
    @Test
    void doesNotWaitForThePositionOfASegment() {
        run();
        history();
        JdbcTemplate jdbc = Tables.jdbc(database);
        String location;
        try (TableLock readers = TableLock.againstEmptying(database, "order_summary")) {
            location = replay("order-summary");
            awaitState(location, "SWITCHING");
            String owner = "select count(owner) from query_side.tracking_token where processor_name = 'order-summary'";
            await().atMost(PATIENCE).until(() -> Integer.valueOf(0).equals(jdbc.queryForObject(owner, Integer.class)));
            new TransactionTemplate(new JdbcTransactionManager(jdbc.getDataSource())).executeWithoutResult(status -> {
                jdbc.queryForList("select segment from query_side.tracking_token where processor_name = 'order-summary'"
                        + " and segment = 1 for update");
                JdbcTemplate others = Tables.jdbc(database);
                String waiting = "select count(*) from pg_stat_activity where datname = current_database()"
                        + " and wait_event_type = 'Lock' and query like 'update tracking_token set owner = $1%'";
                await().during(Duration.ofMillis(700))
                        .pollInterval(Duration.ofMillis(10))
                        .atMost(PATIENCE)
                        .until(() -> Integer.valueOf(0).equals(others.queryForObject(waiting, Integer.class)));
            });
        }
        awaitState(location, "COMPLETED");
    }

    @Test
    void beginsAtOnce() {
        run("eventshop.query.replays.step-interval=1h");
        history();

        awaitState(replay("order-summary"), "COMPLETED");
        awaitState(replay("order-summary"), "COMPLETED");
    }

    /** Nobody looks whether a projection is paused unless they are told to. */
    @ParameterizedTest
    @ValueSource(strings = {"SIDE_BY_SIDE", "IN_PLACE"})
    void letsTheProcessorsGoOnAtOnce(String mode) {
        run("eventshop.query.flag-interval=1h");
        history();
        String location = query.post(
                        "/api/admin/replays", "{\"projection\":\"order-summary\",\"mode\":\"%s\"}".formatted(mode))
                .expect(202)
                .header("Location");

        awaitState(location, "COMPLETED");
        String position = events.order(1_001, 1, T0, item(1, 1, "1.00"));
        query.get("/api/orders/1001", "Min-Event-Position", position, "Prefer", "wait=5")
                .expect(200);
    }

    @Test
    void failsWhenReadersNeverPauseAndTheViewIsAsBefore() {
        run("eventshop.query.replays.pause-timeout=1s");
        history();
        try (TableLock lock = TableLock.againstEmptying(database, "order_summary")) {
            String location = replay("order-summary");

            awaitState(location, "FAILED");
            assertThat(show(location).get("error").asString()).isNotBlank();
            query.get("/api/orders/17").expect(200);
        }
        assertIdleIsEmpty("order-summary");
        String position = events.order(1_001, 1, T0, item(1, 1, "1.00"));
        query.get("/api/orders/1001", "Min-Event-Position", position).expect(200);
    }

    /** Each attempt ends before the time is up, and the next one has what is left of it. */
    @Test
    void doesNotKeepTheViewStandingForLongerWhenTheSlotCantBeWritten() {
        run("eventshop.query.replays.pause-timeout=5s");
        history();
        try (TableLock readers = TableLock.againstEmptying(database, "order_summary")) {
            String location = replay("order-summary");
            awaitState(location, "SWITCHING");
            try (TableLock writers = TableLock.againstWriting(database, "order_summary_b")) {
                events.order(1_001, 1, T0, item(1, 1, "1.00"));

                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(state(location)).isEqualTo("FAILED"));
                query.get("/api/orders/1001", "Min-Event-Position", events.last(), "Prefer", "wait=20")
                        .expect(200);
            }
        }
        assertIdleIsEmpty("order-summary");
    }

    @Test
    void failsAtAnEventThatCantBeAppliedAndTheViewIsAsBefore() {
        run();
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        events.confirm(4_711, T0); // was never placed

        String location = replay("order-summary");

        awaitState(location, "FAILED");
        assertThat(show(location).get("error").asString()).contains("4711");
        assertIdleIsEmpty("order-summary");
        assertThat(Tables.liveSlot(database, "order-summary")).isEqualTo("a");
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
    }

    @Test
    void goesOnAfterARestart() {
        run();
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        String location = slowReplay("order-summary");
        long processed = show(location).get("processed").longValue();
        query.close();
        run();

        assertThat(state(location)).isEqualTo("RUNNING");
        assertThat(show(location).get("processed").longValue()).isGreaterThanOrEqualTo(processed);
        query.patch(location, "{\"ratePerSecond\": null}").expect(200);
        awaitState(location, "COMPLETED");
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
    }

    /** Somebody else builds while this instance thinks that it does. */
    @Test
    void isWrittenByOneBuilderAtATime() {
        run();
        history();
        Map<String, List<String>> before = Tables.dumpLive(database, "order-summary");
        String location = slowReplay("order-summary");

        JdbcTemplate jdbc = Tables.jdbc(database);
        jdbc.update("update query_side.replay set builder = 'another', rate_per_second = null,"
                + " builder_until = clock_timestamp() + interval '3 seconds'");
        jdbc.execute("truncate query_side.order_summary_b, query_side.order_timeline_b");
        jdbc.update("update query_side.replay set reached = ?, processed = 0", "1-0-0");
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertThat(Tables.count(database, "order_summary_b")).isZero();

        awaitState(location, "COMPLETED"); // the other one has said nothing for too long
        assertThat(Tables.dumpLive(database, "order-summary")).isEqualTo(before);
    }

    /** Nobody can become the builder while the one before is about to commit what it has written. */
    @Test
    void isTakenOverBetweenTwoWritesOnly() {
        run();
        history();
        JdbcTemplate jdbc = Tables.jdbc(database);
        String location = slowReplay("order-summary");
        try (TableLock lock = TableLock.againstWriting(database, "order_summary_b")) {
            String waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                    + " and query like 'insert into order_summary_b%'";
            await().atMost(PATIENCE)
                    .until(() -> Integer.valueOf(0).compareTo(jdbc.queryForObject(waiting, Integer.class)) < 0);

            assertThatThrownBy(() -> jdbc.execute("set lock_timeout = '300ms'; update query_side.replay"
                            + " set builder = 'another', builder_until = clock_timestamp() + interval '1 minute'"))
                    .rootCause()
                    .hasMessageContaining("lock timeout");
        }
        query.patch(location, "{\"ratePerSecond\": null}").expect(200);
        awaitState(location, "COMPLETED");
    }

    /** An instance that has noticed neither the pause nor the switch must not get a claim any more. */
    @Test
    void takesTheSegmentsFromThoseWhoWriteIntoTheOldSlot() {
        run();
        history();
        awaitState(replay("order-summary"), "COMPLETED");
        PostgresTokenStore another = query.bean(PostgresTokenStore.class).asAnotherNode();
        JdbcTemplate jdbc = Tables.jdbc(database);
        jdbc.update("update query_side.projection set paused = true where name = 'order-summary'");
        String owner = "select count(owner) from query_side.tracking_token where processor_name = 'order-summary'";
        await().atMost(PATIENCE).until(() -> Integer.valueOf(0).equals(jdbc.queryForObject(owner, Integer.class)));

        assertThatThrownBy(() -> claim(another, "a")).isInstanceOf(UnableToClaimTokenException.class);

        assertThat(jdbc.queryForObject(owner, Integer.class)).isZero();
        claim(another, "b");
    }

    /** At the end of a pause, before anybody else can notice that. */
    private void claim(PostgresTokenStore node, String slot) {
        JdbcTemplate own = query.bean(JdbcTemplate.class);
        query.bean(TransactionOperations.class).executeWithoutResult(status -> {
            own.update("update projection set paused = false where name = 'order-summary'");
            OldSlot.claim(own, query.bean(EventLog.class), node, slot);
        });
    }

    @Test
    void isStreamedToItsEnd() {
        run();
        history();
        String location = slowReplay("order-summary");
        try (EventStream stream = EventStream.of(query, location + "/stream", as("watching", "operator"))) {
            await().atMost(PATIENCE).until(() -> stream.events().size() >= 2);
            query.patch(location, "{\"ratePerSecond\": null}").expect(200);

            await().atMost(PATIENCE).until(stream::isEnded);
            List<String> states = stream.events().stream()
                    .map(event -> event.data().get("state").asString())
                    .toList();
            assertThat(states).startsWith("RUNNING").endsWith("COMPLETED");
            JsonNode last = stream.events().get(stream.events().size() - 1).data();
            assertThat(last).isEqualTo(show(location));
        }
    }

    @Test
    void bringsAProjectionToTheVersionOfTheCode() {
        run();
        history();
        query.close();
        Tables.jdbc(database).update("update query_side.projection set version = 0 where name = 'user-profile'");
        run();

        await().atMost(PATIENCE)
                .until(() -> Tables.liveSlot(database, "user-profile").equals("b"));
        JsonNode replay = query.get("/api/admin/replays").json().get("items").get(0);
        assertThat(replay.get("projection").asString()).isEqualTo("user-profile");
        assertThat(replay.get("startedBy").asString()).isEqualTo("version 1");
        query.close();
        run();
        assertThat(query.get("/api/admin/replays").json().get("items")).hasSize(1);
    }

    @Test
    void ofAnEmptyStoreIsCompleteAtOnceAndBeginsAtTheBeginning() {
        run();
        for (String from : List.of("{\"position\":\"1-1-1\"}", "{\"time\":\"2026-01-01T00:00:00Z\"}")) {
            query.post(
                            "/api/admin/replays",
                            "{\"projection\":\"order-summary\",\"mode\":\"SIDE_BY_SIDE\",\"from\":%s}".formatted(from))
                    .expect(422);
        }
        query.post("/api/admin/replays", "{\"projection\":\"order-summary\",\"mode\":\"SIDEWAYS\"}")
                .expect(422);

        awaitState(replay("user-profile"), "COMPLETED");
    }
}
