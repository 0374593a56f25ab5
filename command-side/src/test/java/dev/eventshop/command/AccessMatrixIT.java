package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.RunningCommandSide.Answer;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.testing.AccessMatrix;
import dev.eventshop.testing.TestDatabase;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Every route as everybody. */
class AccessMatrixIT {

    private static final Set<String> EVERYBODY = Set.of("customer", "staff", "operator");
    private static final Set<String> STAFF = Set.of("staff", "operator");
    private static final Set<String> OPERATORS = Set.of("operator");
    private static final String CUSTOMER = AccessMatrix.CUSTOMER;

    private final AtomicInteger emails = new AtomicInteger();

    @Test
    void letsThroughWhoMayAndNobodyElse() {
        try (TestDatabase database = TestDatabase.create();
                RunningCommandSide shop =
                        RunningCommandSide.start(database, "eventshop.access.customer-writes-per-second=0")) {
            int product = shop.product(1_000);
            register(shop, CUSTOMER);
            register(shop, "other");
            String order = "{\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}";
            int someone = shop.user("someone@example.com");
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
                    .route("GET /api/admin/forwarder", OPERATORS, () -> "/api/admin/forwarder", (String) null)
                    .documentation();
            Set<String> routes = shop.routes();
            matrix.run(routes);
            LoggerFactory.getLogger(getClass()).info("{} routes, {} calls", routes.size(), matrix.calls());
            assertThat(matrix.unexpected()).isEmpty();
        }
    }

    private void register(RunningCommandSide shop, String subject) {
        shop.post("/api/users", registration(), RunningCommandSide.as(subject, "customer"))
                .expect(201);
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
