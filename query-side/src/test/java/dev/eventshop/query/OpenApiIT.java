package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.testing.OpenApiDocument;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The published description of the service. */
class OpenApiIT {

    @Test
    void saysWhatIsAnswered() {
        try (TestDatabase database = TestDatabase.create();
                EventWriter events = EventWriter.on(database);
                RunningQuerySide shop = RunningQuerySide.on(database)) {
            events.user(7, "ada@example.com");
            events.product(1, "Tea", "2.50", 5);
            events.stock(1, 5, 4, EventWriter.T0, Map.of());
            events.order(1, 7, EventWriter.T0, EventWriter.item(1, 1, "2.50"));
            events.order(2, 7, EventWriter.T0, EventWriter.item(1, 1, "2.50"));
            events.cancel(2, 7, "PENDING", EventWriter.T0);
            shop.post("/api/admin/replays", "{\"projection\":\"user-profile\"}").expect(202);
            String[] after = {"Min-Event-Position", events.last(), "Prefer", "wait=20"};
            OpenApiDocument document = OpenApiDocument.of(shop.url(), "query-side");
            List<String> violations = new ArrayList<>();
            Map.ofEntries(
                            Map.entry("/api/products", "/api/products"),
                            Map.entry("/api/products/{id}", "/api/products/1"),
                            Map.entry("/api/products/{id}/stock-history", "/api/products/1/stock-history"),
                            Map.entry("/api/orders", "/api/orders"),
                            Map.entry("/api/orders/{id}", "/api/orders/2"),
                            Map.entry("/api/orders/{id}/history", "/api/orders/2/history"),
                            Map.entry("/api/users/{id}", "/api/users/7"),
                            Map.entry("/api/users/{id}/orders", "/api/users/7/orders"),
                            Map.entry("/api/statistics/sales", "/api/statistics/sales"),
                            Map.entry("/api/admin/audit", "/api/admin/audit"),
                            Map.entry("/api/admin/recent-metrics", "/api/admin/recent-metrics"),
                            Map.entry("/api/admin/processors", "/api/admin/processors"),
                            Map.entry("/api/admin/dead-letters/groups", "/api/admin/dead-letters/groups"),
                            Map.entry("/api/admin/dead-letters/hours", "/api/admin/dead-letters/hours"),
                            Map.entry("/api/admin/events", "/api/admin/events"),
                            Map.entry("/api/admin/aggregates/{id}/events", "/api/admin/aggregates/user-7/events"),
                            Map.entry("/api/admin/replays", "/api/admin/replays"),
                            Map.entry("/api/admin/replays/{id}", "/api/admin/replays/1"))
                    .forEach((route, path) -> violations.addAll(document.violations(
                            "GET " + route,
                            200,
                            shop.get(path, after).expect(200).body())));
            violations.addAll(document.violations(
                    "GET /api/orders/{id}",
                    404,
                    shop.get("/api/orders/9").expect(404).body()));
            violations.addAll(document.violations(
                    "GET /api/orders",
                    422,
                    shop.get("/api/orders?limit=0").expect(422).body()));

            assertThat(violations).isEmpty();
        }
    }

    @Test
    void isCompleteAndTheOneInTheDocumentation() {
        try (TestDatabase database = TestDatabase.create();
                EventWriter events = EventWriter.on(database);
                RunningQuerySide shop = RunningQuerySide.on(database)) {
            events.user(1, "ada@example.com");
            OpenApiDocument document = OpenApiDocument.of(shop.url(), "query-side");
            String copy = document.copy();

            assertThat(document.gaps()).isEmpty();
            assertThat(copy)
                    .as("docs/api/query-side.json; -Deventshop.test.write-api=true writes it anew")
                    .isEqualTo(document.text());
        }
    }
}
