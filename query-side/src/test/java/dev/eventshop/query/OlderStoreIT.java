package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Views that were filled by a store of which an older backup has been restored since. */
@SuppressWarnings("try") // a lock is held, not used
class OlderStoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        events.user(1, "ada@example.com");
        events.product(1, "Tea", "1.50", 10);
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    /** Both users are in all positions: segments go over what is not theirs as well. */
    private void runUpTo(String position) {
        query = RunningQuerySide.on(database, "eventshop.query.store-idle-interval=100ms");
        for (String path : List.of("/api/orders", "/api/products", "/api/users/1", "/api/statistics/sales")) {
            query.get(path, "Min-Event-Position", position, "Prefer", "wait=20").expect(200);
        }
        await().atMost(PATIENCE)
                .until(() -> Integer.valueOf(0)
                        .equals(Tables.jdbc(database)
                                .queryForObject(
                                        "select count(*) from query_side.tracking_token where token is distinct from ?",
                                        Integer.class,
                                        position)));
    }

    /** As a restore does, without the last event, and without the views, which are in a database of their own. */
    private void restoreWithoutTheLastEvent() {
        Tables.jdbc(database)
                .execute("delete from event_store.domain_event"
                        + " where global_index = (select max(global_index) from event_store.domain_event)");
        EventStoreSchema.openEpoch(database.admin());
    }

    private JsonNode processor(String projection) {
        return query.get("/api/admin/processors")
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .filter(p -> p.get("projection").asString().equals(projection))
                .findFirst()
                .orElseThrow();
    }

    private String state(String projection) {
        return processor(projection).get("state").asString();
    }

    private void replay(String projection, String mode) {
        String location = query.post(
                        "/api/admin/replays", "{\"projection\":\"" + projection + "\",\"mode\":\"" + mode + "\"}")
                .expect(202)
                .header("Location");
        await().atMost(PATIENCE).until(() -> {
            String state = query.get(location).expect(200).json().get("state").asString();
            assertThat(state).isNotIn("FAILED", "CANCELLED");
            return state.equals("COMPLETED");
        });
    }

    @Test
    void standUntilTheyAreReplayed() {
        String lost = events.product(2, "Coffee", "2.50", 10);
        runUpTo(lost);
        query.close();
        restoreWithoutTheLastEvent();

        query = RunningQuerySide.on(database);
        for (String projection : List.of("product-catalog", "order-summary", "user-profile", "sales-statistics")) {
            await().atMost(PATIENCE).until(() -> state(projection).equals("ERROR"));
            assertThat(processor(projection).get("error").asString())
                    .contains(projection, lost, "an older backup of the store was restored", "store-restored");
        }
        JsonNode health = query.management("/actuator/health").expect(200).json();
        assertThat(health.get("status").asString()).isEqualTo("DEGRADED");
        assertThat(health.toString()).contains("older backup");
        query.management("/actuator/health/readiness").expect(200);
        query.get("/api/products/2").expect(200); // what was read before can be read still

        replay("user-profile", "SIDE_BY_SIDE"); // with nothing new in the store

        String position = events.product(3, "Cocoa", "3.50", 10);
        query.get("/api/products/3", "Min-Event-Position", position, "Prefer", "wait=1")
                .expect(503);
        assertThat(state("product-catalog")).isEqualTo("ERROR");

        replay("product-catalog", "IN_PLACE");
        replay("order-summary", "SIDE_BY_SIDE");
        replay("sales-statistics", "IN_PLACE");

        query.get("/api/products/3", "Min-Event-Position", position, "Prefer", "wait=20")
                .expect(200);
        query.get("/api/products/2").expect(404);
        await().atMost(PATIENCE)
                .until(() -> query.management("/actuator/health")
                        .json()
                        .get("status")
                        .asString()
                        .equals("UP"));
    }

    /** What was lost is in a row whose aggregate has nothing new. */
    @Test
    void areNotMadeToGoOnByAReplayOfAPart() {
        String kept = events.last();
        String lost = events.price(1, "1.50", "9.90", T0.plusSeconds(60));
        runUpTo(lost);
        query.close();
        restoreWithoutTheLastEvent();
        query = RunningQuerySide.on(database);
        await().atMost(PATIENCE).until(() -> state("product-catalog").equals("ERROR"));

        String location = query.post(
                        "/api/admin/replays",
                        "{\"projection\":\"product-catalog\",\"mode\":\"IN_PLACE\",\"from\":{\"position\":\"" + kept
                                + "\"}}")
                .expect(202)
                .header("Location");
        await().atMost(PATIENCE)
                .until(() -> !query.get(location)
                        .expect(200)
                        .json()
                        .get("finishedAt")
                        .isNull());

        JsonNode ended = query.get(location).expect(200).json();
        assertThat(ended.get("state").asString()).isEqualTo("FAILED");
        assertThat(ended.get("error").asString()).contains("older backup", "replay the whole");
        await().atMost(PATIENCE).until(() -> state("product-catalog").equals("ERROR"));

        replay("product-catalog", "IN_PLACE");

        assertThat(query.get("/api/products/1").expect(200).json().get("price").asString())
                .isEqualTo("1.50");
    }

    @Test
    void standWhereOneSegmentOnlyIsAhead() {
        String kept = events.last();
        String lost = events.product(2, "Coffee", "2.50", 10);
        runUpTo(lost);
        query.close();
        Tables.jdbc(database).update("update query_side.tracking_token set token = ? where segment <> 1", kept);
        restoreWithoutTheLastEvent();

        query = RunningQuerySide.on(database);

        await().atMost(PATIENCE).until(() -> state("product-catalog").equals("ERROR"));
        assertThat(processor("product-catalog").get("error").asString()).contains("older backup");
    }

    private static List<String> states(JdbcTemplate jdbc) {
        return jdbc.queryForList("select projection || ' ' || state from query_side.replay order by id", String.class);
    }

    /** One that was to be shown: what the store had then and has not now must not be in it. */
    @Test
    void areBuiltAnewWhenAReplayWasUnderWay() {
        String lost = events.product(2, "Coffee", "2.50", 10);
        runUpTo(lost);
        JdbcTemplate jdbc = Tables.jdbc(database);
        try (TableLock lock = TableLock.againstEmptying(database, "product_catalog")) {
            query.post("/api/admin/replays", "{\"projection\":\"product-catalog\"}")
                    .expect(202);
            await().atMost(PATIENCE).until(() -> states(jdbc).equals(List.of("product-catalog SWITCHING")));
            query.close();
        }
        assertThat(Tables.count(database, "product_catalog_b")).isEqualTo(2);
        restoreWithoutTheLastEvent();

        query = RunningQuerySide.on(database);

        await().atMost(PATIENCE).until(() -> states(jdbc).equals(List.of("product-catalog COMPLETED")));
        query.get("/api/products/2").expect(404);
        query.get("/api/products/1").expect(200);
        String position = events.product(3, "Cocoa", "3.50", 10);
        query.get("/api/products/3", "Min-Event-Position", position, "Prefer", "wait=20")
                .expect(200);
    }

    @Test
    void goOnWhereTheyAreNotAhead() {
        runUpTo(events.last());
        query.close();
        events.product(2, "Coffee", "2.50", 10);
        restoreWithoutTheLastEvent();

        query = RunningQuerySide.on(database);
        String position = events.product(3, "Cocoa", "3.50", 10);

        query.get("/api/products/3", "Min-Event-Position", position, "Prefer", "wait=20")
                .expect(200);
        query.get("/api/products/2").expect(404);
    }
}
