package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** An instance that still runs while a newer one has stored an event in a form that only the newer one knows. */
class NewerRevisionIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestBroker broker = TestBroker.embedded();
    private TestDatabase database;
    private JdbcTemplate sql;

    @BeforeEach
    void start() {
        broker.purge();
        database = TestDatabase.create();
        sql = new JdbcTemplate(database.admin());
    }

    @AfterEach
    void stop() {
        database.close();
        broker.purge();
    }

    private RunningCommandSide commandSide() {
        return RunningCommandSide.start(
                database,
                Stream.concat(
                                broker.springProperties().entrySet().stream()
                                        .map(property -> property.getKey() + "=" + property.getValue()),
                                Stream.of("eventshop.command-side.fulfilment.late-after=2s"))
                        .toArray(String[]::new));
    }

    private void storePriceChange(int product, String revision) {
        sql.update(
                "insert into event_store.domain_event (event_id, aggregate_type, aggregate_id, sequence_number,"
                        + " event_type, event_revision, time, payload, metadata)"
                        + " values (gen_random_uuid(), 'Product', ?, 1, 'ProductPriceChangedEvent', ?, now(),"
                        + " cast(? as json), '{}')",
                "product-" + product,
                revision,
                "{\"productId\":" + product
                        + ",\"oldPrice\":19.90,\"newPrice\":5.00,\"changedAt\":\"2026-03-01T09:30:15Z\"}");
    }

    private static JsonNode forwarder(RunningCommandSide shop) {
        return shop.get("/api/admin/forwarder").expect(200).json();
    }

    @Test
    void readsNothingOfItAndPassesNothingBy() {
        int product;
        int other;
        try (RunningCommandSide shop = commandSide()) {
            product = shop.product(5);
            other = shop.product(5);
            await().atMost(PATIENCE)
                    .until(() -> forwarder(shop).get("lagEvents").intValue() == 0);
            storePriceChange(product, "9.0");
            // Loaded anew, since it is not what this instance remembers of it.
            await().atMost(PATIENCE).untilAsserted(() -> {
                CommandSideClient.Answer refused = shop.adjust(product, 1);
                assertThat(refused.expect(503).code()).isEqualTo("NEWER_HISTORY");
                assertThat(refused.header("Retry-After")).isNotEmpty();
            });
            shop.adjust(other, 1).expect(204);

            await().atMost(PATIENCE)
                    .until(() -> forwarder(shop).get("error").asString("").contains("unknown revision"));
            assertThat(forwarder(shop).get("error").asString()).contains("9.0", "ProductPriceChangedEvent");
            assertThat(forwarder(shop).get("lagEvents").intValue()).isEqualTo(2);
            assertThat(shop.get(shop.management("/actuator/health"))
                            .json()
                            .get("status")
                            .asString())
                    .isEqualTo("DEGRADED");
        }

        sql.update("update event_store.domain_event set event_revision = '1.0' where event_revision = '9.0'");
        try (RunningCommandSide upgraded = commandSide()) {
            assertThat(upgraded.adjust(product, 1).expect(204).version()).isEqualTo(2);
            await().atMost(PATIENCE)
                    .until(() -> forwarder(upgraded).get("lagEvents").intValue() == 0);
            assertThat(forwarder(upgraded).get("error").isNull()).isTrue();
        }
    }

    @Test
    void takesNoStepForAnOrderWhoseFulfilmentANewerOneHasWritten() {
        StoredShop stored = new StoredShop(database);
        int product;
        try (RunningCommandSide shop = commandSide()) {
            product = shop.product(5);
            int order = shop.order(shop.user("ann@example.org"), 2, product);
            await().atMost(PATIENCE).until(() -> stored.statusOf(order), "CONFIRMED"::equals);
            assertThat(sql.update("update command_side.saga set revision = '2'"))
                    .isEqualTo(1);

            shop.cancel(order).expect(204);
            await().atMost(PATIENCE)
                    .until(
                            () -> shop.get(shop.management("/actuator/health"))
                                    .json()
                                    .at("/components/fulfilment/status")
                                    .asString(),
                            "DEGRADED"::equals);
            assertThat(stored.stockOf(product)).isEqualTo(3);
            assertThat(stored.count("scheduled_task where task_name = 'order-fulfilment-step'"))
                    .isZero();
        }

        sql.update("update command_side.saga set revision = '1'");
        try (RunningCommandSide upgraded = commandSide()) {
            await().atMost(PATIENCE).until(() -> stored.stockOf(product) == 5);
            upgraded.adjust(product, 1).expect(204);
        }
    }
}
