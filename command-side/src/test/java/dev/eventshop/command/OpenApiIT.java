package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.testing.OpenApiDocument;
import dev.eventshop.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The published description of the service. */
class OpenApiIT {

    @Test
    void saysWhatIsAnswered() {
        try (TestDatabase database = TestDatabase.create();
                RunningCommandSide shop = RunningCommandSide.start(database)) {
            OpenApiDocument document = OpenApiDocument.of(shop.url(), "command-side");
            List<String> violations = new ArrayList<>();
            BiConsumer<String, Answer> check = (operation, answer) -> violations.addAll(document.violations(
                    operation, answer.status(), answer.response().body()));

            check.accept("POST /api/products", shop.product(5, "19.90").expect(201));
            check.accept("POST /api/products", shop.product(-5, "19.90").expect(422));
            check.accept(
                    "POST /api/users",
                    shop.post("/api/users", "{\"email\":\"ada@example.com\",\"fullName\":\"Ada\"}")
                            .expect(201));
            check.accept(
                    "POST /api/orders",
                    shop.post("/api/orders", "{\"userId\":1,\"items\":[{\"productId\":1,\"quantity\":1}]}")
                            .expect(201));
            check.accept(
                    "POST /api/orders/{id}/shipment",
                    shop.post("/api/orders/9/shipment").expect(404));
            check.accept(
                    "POST /api/products/{id}/stock-adjustments",
                    shop.adjust(1, -9).expect(422));
            check.accept(
                    "GET /api/admin/forwarder", shop.get("/api/admin/forwarder").expect(200));

            check.accept(
                    "POST /api/admin/republications",
                    shop.post("/api/admin/republications", "{\"queue\":\"order.created\"}")
                            .expect(503));
            check.accept(
                    "GET /api/admin/republications",
                    shop.get("/api/admin/republications").expect(200));
            check.accept("GET /api/admin/audit", shop.get("/api/admin/audit").expect(200));
            check.accept(
                    "GET /api/admin/recent-metrics",
                    shop.get("/api/admin/recent-metrics").expect(200));

            assertThat(violations).isEmpty();
        }
    }

    @Test
    void isCompleteAndTheOneInTheDocumentation() {
        try (TestDatabase database = TestDatabase.create();
                RunningCommandSide shop = RunningCommandSide.start(database)) {
            OpenApiDocument document = OpenApiDocument.of(shop.url(), "command-side");
            String copy = document.copy();

            assertThat(document.gaps()).isEmpty();
            assertThat(copy)
                    .as("docs/api/command-side.json; -Deventshop.test.write-api=true writes it anew")
                    .isEqualTo(document.text());
        }
    }
}
