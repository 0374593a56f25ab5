package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.testing.AccessMatrix;
import dev.eventshop.testing.TestDatabase;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Every route as everybody. */
class AccessMatrixIT {

    private static final Set<String> EVERYBODY = Set.of("customer", "staff", "operator");
    private static final Set<String> STAFF = Set.of("staff", "operator");
    private static final Set<String> OPERATORS = Set.of("operator");
    private static final String CUSTOMER = AccessMatrix.CUSTOMER;

    private int registered;

    private final AtomicInteger emails = new AtomicInteger();

    @Test
    void letsThroughWhoMayAndNobodyElse() {
        try (TestDatabase database = TestDatabase.create();
                RunningCommandSide shop =
                        RunningCommandSide.start(database, "eventshop.access.customer-writes-per-second=0")) {
            int product = shop.product(1_000);
            registeredAgain(shop);
            register(shop, "other");
            String order = "{\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}";
            int someone = shop.user("someone@example.com");
            int stranger = shop.user("stranger@example.com");
            String orderFor = order.replace("{\"items", "{\"userId\":" + someone + ",\"items");

            AccessMatrix matrix = new AccessMatrix(shop.url())
                    .route("POST /api/products", STAFF, () -> "/api/products", """
                            {"name": "Cup", "price": 1, "initialStock": 1}""")
                    .route("PUT /api/products/{id}/stock", STAFF, () -> "/api/products/" + product + "/stock", """
                            {"stock": 900}""")
                    .route(
                            "POST /api/products/{id}/stock-adjustments",
                            STAFF,
                            () -> "/api/products/" + product + "/stock-adjustments",
                            "{\"delta\": 1}")
                    .route("PUT /api/products/{id}/price", STAFF, () -> "/api/products/" + product + "/price", """
                            {"price": 2}""")
                    .ownedRoute(
                            "POST /api/orders/{id}/cancellation",
                            EVERYBODY,
                            () -> order(shop, order, CUSTOMER) + "/cancellation",
                            () -> order(shop, order, "other") + "/cancellation",
                            "{\"reason\": \"matrix\"}")
                    .route(
                            "POST /api/orders/{id}/shipment",
                            STAFF,
                            () -> confirmed(shop, order(shop, order, CUSTOMER)) + "/shipment",
                            (String) null)
                    .route(
                            "POST /api/orders/{id}/completion",
                            STAFF,
                            () -> shipped(shop, order(shop, order, CUSTOMER)) + "/completion",
                            (String) null)
                    .route("POST /api/users", EVERYBODY, () -> "/api/users", who -> registration())
                    .expecting("POST /api/users", "customer", 409) // is registered already, and so can own something
                    .route(
                            "POST /api/orders",
                            EVERYBODY,
                            () -> "/api/orders",
                            who -> who.equals("customer") ? order : orderFor)
                    .ownedRoute(
                            "DELETE /api/users/{id}/personal-data",
                            Set.of("customer", "operator"),
                            () -> "/api/users/" + registeredAgain(shop) + "/personal-data",
                            () -> {
                                registeredAgain(shop); // who was erased is told so
                                return "/api/users/" + stranger + "/personal-data";
                            },
                            null)
                    .route("GET /api/admin/audit", OPERATORS, () -> "/api/admin/audit", (String) null)
                    .route("GET /api/admin/recent-metrics", OPERATORS, () -> "/api/admin/recent-metrics", (String) null)
                    .route("GET /api/admin/forwarder", OPERATORS, () -> "/api/admin/forwarder", (String) null)
                    .route("GET /api/admin/reconciliation", OPERATORS, () -> "/api/admin/reconciliation", (String) null)
                    .route("POST /api/admin/republications", OPERATORS, () -> "/api/admin/republications", """
                            {"queue": "order.created"}""")
                    .expecting(
                            "POST /api/admin/republications", "operator", 503) // there is no broker to have the queue
                    .route("GET /api/admin/republications", OPERATORS, () -> "/api/admin/republications", (String) null)
                    .route("GET /api/admin/republications/{id}", OPERATORS, () -> republication(database), (String)
                            null)
                    .route("DELETE /api/admin/republications/{id}", OPERATORS, () -> republication(database), (String)
                            null)
                    .documentation();
            Set<String> routes = shop.routes();
            matrix.run(routes);
            LoggerFactory.getLogger(getClass()).info("{} routes, {} calls", routes.size(), matrix.calls());
            assertThat(matrix.unexpected()).isEmpty();
        }
    }

    private static String republication(TestDatabase database) {
        return "/api/admin/republications/" + new JdbcTemplate(database.admin()).queryForObject("""
                        insert into command_side.republication (queue, after_position, up_to_position, event_types, state,
                                                                total, reached, requested_at)
                        values ('order.created', '0-0-0', '1-1-1', '{OrderCreatedEvent}', 'RUNNING', 1, '0-0-0', now())
                        returning id
                        """, Long.class);
    }

    private void register(RunningCommandSide shop, String subject) {
        shop.post("/api/users", registration(), RunningCommandSide.as(subject, "customer"))
                .expect(201);
    }

    /** Who was erased may come again. */
    private int registeredAgain(RunningCommandSide shop) {
        Answer answer = shop.post("/api/users", registration(), RunningCommandSide.as(CUSTOMER, "customer"));
        if (answer.status() == 201) {
            registered = answer.json().get("userId").intValue();
        }
        return registered;
    }

    private String registration() {
        return "{\"email\":\"matrix." + emails.incrementAndGet() + "@example.com\",\"fullName\":\"Matrix\"}";
    }

    private static String order(RunningCommandSide shop, String order, String subject) {
        Answer placed = shop.post("/api/orders", order, RunningCommandSide.as(subject, "customer"));
        return "/api/orders/" + placed.expect(201).json().get("orderId").intValue();
    }

    /** The service confirms an order soon after it was placed. */
    private static String confirmed(RunningCommandSide shop, String order) {
        String aggregate = "order-" + order.substring(order.lastIndexOf('/') + 1);
        await().untilAsserted(() -> assertThat(shop.bean(EventLog.class).readStream(aggregate, 0))
                .anySatisfy(event -> assertThat(event.payload()).contains("\"newStatus\":\"CONFIRMED\"")));
        return order;
    }

    private static String shipped(RunningCommandSide shop, String order) {
        shop.post(confirmed(shop, order) + "/shipment").expect(204);
        return order;
    }
}
