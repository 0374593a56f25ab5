package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReconciliationIT {

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database);
        events.product(1, "Tea", "2.50", 100); // 1 event
        events.stock(1, 100, 90, T0, Map.of());
        events.user(1, "u1@example.com");
        events.eraseUser(1);
        events.placeMany(1, 2_500); // more than a page
        events.order(3_000, 1, T0, item(1, 1, "1.00"));
        events.confirm(3_000, T0);
        events.cancel(3_000, 1, "CONFIRMED", T0); // two events
        for (String path : List.of("/api/orders", "/api/products", "/api/users/1", "/api/statistics/sales")) {
            query.get(path, "Min-Event-Position", events.last(), "Prefer", "wait=30")
                    .expect(200);
        }
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    private JsonNode reconciliation() {
        return query.get("/api/admin/reconciliation").expect(200).json();
    }

    private static Map<String, List<Long>> counts(JsonNode reconciliation) {
        Map<String, List<Long>> counts = new LinkedHashMap<>();
        reconciliation
                .get("projections")
                .forEach(one -> counts.put(
                        one.get("projection").asString(),
                        List.of(
                                one.get("stored").longValue(),
                                one.get("projected").longValue())));
        return counts;
    }

    @Test
    void findsAllEventsInTheViewsAndThenWhatIsMissing() {
        JsonNode whole = reconciliation();
        assertThat(whole.get("position").asString()).isEqualTo(events.last());
        assertThat(whole.get("firstDifference").isNull()).isTrue();
        assertThat(counts(whole))
                .containsOnly(
                        Map.entry("product-catalog", List.of(2L, 2L)),
                        Map.entry("user-profile", List.of(2L, 2L)),
                        Map.entry("order-summary", List.of(2_504L, 2_504L)),
                        Map.entry("sales-statistics", List.of(2_502L, 2_502L)));

        Tables.jdbc(database).update("delete from query_side.order_summary_a where order_id = 2222");
        Tables.jdbc(database).update("update query_side.order_summary_a set version = 1 where order_id = 3000");

        JsonNode broken = reconciliation();
        assertThat(counts(broken)).containsEntry("order-summary", List.of(2_504L, 2_501L));
        assertThat(counts(broken)).containsEntry("sales-statistics", List.of(2_502L, 2_502L));
        JsonNode first = broken.get("firstDifference");
        assertThat(first.get("projection").asString()).isEqualTo("order-summary");
        assertThat(first.get("aggregateId").asString()).isEqualTo("order-2222");
        assertThat(first.get("stored").longValue()).isZero();
        assertThat(first.get("projected").isNull()).isTrue();
    }

    /** As after an older backup of the store was restored. */
    @Test
    void findsARowAboveTheLastEvent() {
        Tables.jdbc(database).update("update query_side.order_summary_a set version = 7 where order_id = 3000");

        JsonNode first = reconciliation().get("firstDifference");
        assertThat(first.get("aggregateId").asString()).isEqualTo("order-3000");
        assertThat(first.get("stored").longValue()).isEqualTo(3);
        assertThat(first.get("projected").longValue()).isEqualTo(7);
    }

    @Test
    void findsWhatAProjectionHasNotComeToThatStands() {
        Tables.jdbc(database).update("update query_side.projection set paused = true where name = 'product-catalog'");
        await().until(() -> {
            events.stock(1, 90, 80, T0, Map.of());
            return query.get("/api/admin/reconciliation")
                    .json()
                    .path("firstDifference")
                    .isObject();
        });

        JsonNode behind = reconciliation();
        List<Long> counted = counts(behind).get("product-catalog");
        assertThat(counted.get(0)).isGreaterThan(counted.get(1));
        assertThat(behind.get("firstDifference").get("aggregateId").asString()).isEqualTo("product-1");
        assertThat(behind.get("position").asString()).isEqualTo(events.last());
    }
}
