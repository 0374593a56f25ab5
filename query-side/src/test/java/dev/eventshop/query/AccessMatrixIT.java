package dev.eventshop.query;

import static dev.eventshop.query.RunningQuerySide.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasSize;

import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.testing.AccessMatrix;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Every route as everybody. */
class AccessMatrixIT {

    private static final Set<String> EVERYBODY = Set.of("customer", "staff", "operator");
    private static final Set<String> STAFF = Set.of("staff", "operator");
    private static final Set<String> OPERATORS = Set.of("operator");

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide shop;
    private static List<String> letters;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        shop = RunningQuerySide.on(database);
        OrderItemEvent item = new OrderItemEvent(1, "Tea", 1, new BigDecimal("10.00"));
        events.product(1, "Tea", "10.00", 5);
        events.user(7, "own@example.com");
        events.account(7, TestIssuer.shared().url(), AccessMatrix.CUSTOMER);
        events.user(8, "foreign@example.com");
        events.account(8, "https://other.example", AccessMatrix.CUSTOMER); // the same name, of another issuer
        events.order(1, 7, EventWriter.T0, item);
        String position = events.order(2, 8, EventWriter.T0, item);
        for (String path : new String[] {"/api/orders/2", "/api/users/8", "/api/products/1"}) {
            shop.get(path, "Min-Event-Position", position).expect(200);
        }
        shop.post("/api/admin/replays", "{\"projection\": \"sales-statistics\"}")
                .expect(202);
        awaitReplay();
        for (int order = 900; order < 902; order++) {
            events.append("order-" + order, new OrderStatusChangedEvent(order, "PENDING", "CONFIRMED", EventWriter.T0));
        }
        await().until(
                        () -> letters = shop.get("/api/admin/dead-letters")
                                .json()
                                .path("items")
                                .valueStream()
                                .map(letter -> "/api/admin/dead-letters/"
                                        + letter.path("id").longValue())
                                .toList(),
                        hasSize(2));
    }

    private static String letter(int index) {
        return letters.get(index);
    }

    private static void awaitReplay() {
        await().untilAsserted(() -> assertThat(
                        shop.get("/api/admin/replays/1").json().path("state").asString())
                .isEqualTo("COMPLETED"));
    }

    @AfterAll
    static void stop() {
        shop.close();
        events.close();
        database.close();
    }

    @Test
    void letsThroughWhoMayAndNobodyElse() {
        Set<String> routes = shop.routes();
        AccessMatrix matrix = new AccessMatrix(shop.url())
                .route("GET /api/products", EVERYBODY, () -> "/api/products", (String) null)
                .route("GET /api/products/{id}", EVERYBODY, () -> "/api/products/1", (String) null)
                .route("GET /api/products/{id}/stock-history", STAFF, () -> "/api/products/1/stock-history", (String)
                        null)
                .route("GET /api/orders", EVERYBODY, () -> "/api/orders", (String) null)
                .ownedRoute("GET /api/orders/{id}", EVERYBODY, () -> "/api/orders/1", () -> "/api/orders/2", null)
                .ownedRoute(
                        "GET /api/orders/{id}/history",
                        EVERYBODY,
                        () -> "/api/orders/1/history",
                        () -> "/api/orders/2/history",
                        null)
                .ownedRoute(
                        "GET /api/orders/{id}/stream",
                        EVERYBODY,
                        () -> "/api/orders/1/stream",
                        () -> "/api/orders/2/stream",
                        null)
                .ownedRoute("GET /api/users/{id}", EVERYBODY, () -> "/api/users/7", () -> "/api/users/8", null)
                .ownedRoute(
                        "GET /api/users/{id}/orders",
                        EVERYBODY,
                        () -> "/api/users/7/orders",
                        () -> "/api/users/8/orders",
                        null)
                .route("GET /api/statistics/sales", STAFF, () -> "/api/statistics/sales", (String) null)
                .route("GET /api/admin/audit", OPERATORS, () -> "/api/admin/audit", (String) null)
                .route("GET /api/admin/recent-metrics", OPERATORS, () -> "/api/admin/recent-metrics", (String) null)
                .route("GET /api/admin/processors", OPERATORS, () -> "/api/admin/processors", (String) null)
                .route("GET /api/admin/reconciliation", OPERATORS, () -> "/api/admin/reconciliation", (String) null)
                .route("GET /api/admin/events", OPERATORS, () -> "/api/admin/events", (String) null)
                .route("GET /api/admin/events/stream", OPERATORS, () -> "/api/admin/events/stream", (String) null)
                .route(
                        "GET /api/admin/aggregates/{id}/events",
                        OPERATORS,
                        () -> "/api/admin/aggregates/order-1/events",
                        (String) null)
                .route("GET /api/admin/replays", OPERATORS, () -> "/api/admin/replays", (String) null)
                .route("GET /api/admin/replays/{id}", OPERATORS, () -> "/api/admin/replays/1", (String) null)
                .route("POST /api/admin/replays", OPERATORS, () -> "/api/admin/replays", """
                        {"projection": "sales-statistics"}""")
                .route("GET /api/admin/replays/{id}/stream", OPERATORS, () -> "/api/admin/replays/1/stream", (String)
                        null)
                .route("PATCH /api/admin/replays/{id}", OPERATORS, () -> "/api/admin/replays/1", """
                        {"ratePerSecond": 100}""")
                .route("DELETE /api/admin/replays/{id}", OPERATORS, () -> "/api/admin/replays/1", (String) null)
                .route("GET /api/admin/dead-letters", OPERATORS, () -> "/api/admin/dead-letters", (String) null)
                .route("GET /api/admin/dead-letters/groups", OPERATORS, () -> "/api/admin/dead-letters/groups", (String)
                        null)
                .route("GET /api/admin/dead-letters/hours", OPERATORS, () -> "/api/admin/dead-letters/hours", (String)
                        null)
                .route("GET /api/admin/dead-letters/{id}", OPERATORS, () -> letter(0), (String) null)
                .route("POST /api/admin/dead-letters/{id}/retry", OPERATORS, () -> letter(0) + "/retry", (String) null)
                .route("DELETE /api/admin/dead-letters/{id}", OPERATORS, () -> letter(1), (String) null)
                .route("POST /api/admin/dead-letters/retry", OPERATORS, () -> "/api/admin/dead-letters/retry", "{}")
                .route("POST /api/admin/dead-letters/discard", OPERATORS, () -> "/api/admin/dead-letters/discard", """
                        {"aggregateId": "order-0"}""")
                .expecting("PATCH /api/admin/replays/{id}", "operator", 409) // it has ended
                .expecting("DELETE /api/admin/replays/{id}", "operator", 409)
                .documentation()
                .run(routes);
        LoggerFactory.getLogger(getClass()).info("{} routes, {} calls", routes.size(), matrix.calls());
        assertThat(matrix.unexpected()).isEmpty();
    }

    @Test
    void showsACustomerTheirOwnOrdersOnly() {
        String[] customer = as(AccessMatrix.CUSTOMER, "customer");
        assertThat(shop.get("/api/orders", customer).expect(200).json().path("items"))
                .singleElement()
                .satisfies(order -> assertThat(order.path("userId").intValue()).isEqualTo(7));
        assertThat(shop.get("/api/orders?userId=8", customer).expect(200).json().path("items"))
                .isEmpty();
        assertThat(shop.get("/api/orders", as("unregistered", "customer"))
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
        assertThat(shop.get("/api/orders").expect(200).json().path("items")).hasSize(2);
    }
}
