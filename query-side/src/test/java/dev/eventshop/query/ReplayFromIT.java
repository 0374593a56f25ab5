package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.query.projection.OldSlot;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;

/** Replays in place of what has changed since a position or a time. */
class ReplayFromIT {

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
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    private void awaitHead() {
        String head = events.last();
        for (String path : List.of("/api/orders", "/api/products", "/api/users/1", "/api/statistics/sales")) {
            assertThat(query.get(path, "Min-Event-Position", head, "Prefer", "wait=30")
                            .status())
                    .isIn(200, 404);
        }
    }

    private JsonNode replayed(String projection, String from) {
        Answer accepted = query.post(
                        "/api/admin/replays",
                        "{\"projection\":\"%s\",\"mode\":\"IN_PLACE\",\"from\":%s}".formatted(projection, from))
                .expect(202);
        String location = accepted.header("Location");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> query.get(location).json().get("state").asString().equals("COMPLETED"));
        return query.get(location).json();
    }

    private static String behind(String position) {
        return "{\"position\":\"" + position + "\"}";
    }

    @Test
    void mendsTheRowsOfWhatHasChangedSinceAndLeavesTheOthersAlone() {
        events.placeMany(1, 100);
        String moment = events.last();
        events.confirm(17, T0.plusSeconds(1));
        events.placeMany(101, 20);
        awaitHead();
        Map<String, List<String>> right = Tables.dumpAll(database);
        jdbc.update("update query_side.order_summary_a set status = 'SPOILED' where order_id in (17, 110)");
        jdbc.update("update query_side.order_timeline_a set type = 'Spoiled' where order_id in (17, 110)");
        jdbc.update("delete from query_side.order_summary_a where order_id = 111");
        jdbc.update("update query_side.order_summary_a set status = 'LEFT ALONE' where order_id = 18");

        JsonNode done = replayed("order-summary", behind(moment));

        assertThat(query.get("/api/orders/18").json().get("status").asString()).isEqualTo("LEFT ALONE");
        jdbc.update("update query_side.order_summary_a set status = 'PENDING' where order_id = 18");
        assertThat(Tables.dumpAll(database)).isEqualTo(right);
        assertThat(done.get("from").asString()).isEqualTo(moment);
        assertThat(done.get("processed")).isEqualTo(done.get("total"));
        assertThat(done.get("total").longValue()).isEqualTo(105); // from the order 17 on
        assertThat(done.get("percent").intValue()).isEqualTo(100);
    }

    @Test
    void mendsWhatHasChangedSinceATime() {
        for (int i = 1; i <= 5; i++) {
            events.product(i, "Product " + i, "1.00", 10);
        }
        events.user(1, "early@example.com");
        awaitHead();
        Instant moment = Instant.now();
        events.stock(2, 10, 7, T0, EventWriter.reserved(1));
        events.user(2, "late@example.com");
        awaitHead();
        Map<String, List<String>> right = Tables.dumpAll(database);
        jdbc.update("update query_side.product_catalog_a set stock = 99 where product_id in (2, 3)");
        jdbc.update("delete from query_side.product_stock_history_a where product_id = 2");
        jdbc.update("delete from query_side.user_profile_a");

        replayed("product-catalog", "{\"time\":\"" + moment + "\"}");
        replayed("user-profile", "{\"time\":\"" + moment + "\"}");

        assertThat(jdbc.queryForList(
                        "select stock from query_side.product_catalog_a order by product_id", Integer.class))
                .containsExactly(10, 7, 99, 10, 10);
        assertThat(Tables.dumpAll(database).get("product_stock_history_a"))
                .isEqualTo(right.get("product_stock_history_a"));
        assertThat(jdbc.queryForList("select user_id from query_side.user_profile_a", Integer.class))
                .containsExactly(2);
    }

    @Test
    void isCompleteAtOnceWhenNothingHasChangedSince() {
        events.placeMany(1, 10);
        awaitHead();
        Map<String, List<String>> before = Tables.dumpAll(database);

        assertThat(replayed("order-summary", behind(events.last())).get("total").longValue())
                .isZero();
        assertThat(replayed("order-summary", "{\"time\":\"9999-01-01\"}")
                        .get("percent")
                        .intValue())
                .isEqualTo(100);

        assertThat(Tables.dumpAll(database)).isEqualTo(before);
        String position = events.order(11, 1, T0, item(1, 1, "1.00"));
        query.get("/api/orders/11", "Min-Event-Position", position).expect(200);
    }

    /** It has not noticed the pause, and would take events as applied whose rows are about to be deleted. */
    @Test
    void letsNobodyClaimASegmentWhileItDeletes() {
        events.placeMany(1, 3);
        awaitHead();
        jdbc.update("update query_side.projection set paused = true where name = 'order-summary'");
        await().atMost(PATIENCE)
                .until(() -> jdbc.queryForObject(
                                "select count(owner) from query_side.tracking_token where processor_name = 'order-summary'",
                                Integer.class)
                        == 0);
        PostgresTokenStore another = query.bean(PostgresTokenStore.class).asAnotherNode();

        assertThatExceptionOfType(UnableToClaimTokenException.class).isThrownBy(() -> claim(another, true));

        assertThat(jdbc.queryForObject(
                        "select count(owner) from query_side.tracking_token where processor_name = 'order-summary'",
                        Integer.class))
                .isZero();
        claim(another, false);
    }

    private void claim(PostgresTokenStore node, boolean paused) {
        JdbcTemplate own = query.bean(JdbcTemplate.class);
        query.bean(TransactionOperations.class).executeWithoutResult(status -> {
            own.update("update projection set paused = ? where name = 'order-summary'", paused);
            OldSlot.claim(own, query.bean(EventLog.class), node, "a");
        });
    }

    /** The instance has died after it had set the tokens back, and before the rows were gone. */
    @Test
    void goesOnWithTheDeletionAfterACrash() {
        events.placeMany(1, 50);
        String moment = events.last();
        events.placeMany(51, 1_500);
        awaitHead();
        Map<String, List<String>> right = Tables.dumpAll(database);
        String target = events.last();
        query.close();
        jdbc.update("update query_side.order_summary_a set status = 'SPOILED' where order_id > 60");
        jdbc.update("update query_side.projection set paused = true, resets = resets + 1 where name = 'order-summary'");
        jdbc.update("update query_side.tracking_token set token = ? where processor_name = 'order-summary'", moment);
        jdbc.update(
                "insert into query_side.replay (projection, mode, state, requested_at, started_by, started_at, reset_at,"
                        + " from_position, reached, target, total) values ('order-summary', 'IN_PLACE', 'RUNNING', now(),"
                        + " 'operator', now(), now(), ?, ?, ?, 1500)",
                moment,
                moment,
                target);

        query = RunningQuerySide.on(database);

        await().atMost(PATIENCE)
                .until(() -> jdbc.queryForObject("select state from query_side.replay", String.class)
                        .equals("COMPLETED"));
        assertThat(Tables.dumpAll(database)).isEqualTo(right);
    }
}
