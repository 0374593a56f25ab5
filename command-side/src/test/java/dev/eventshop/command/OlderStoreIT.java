package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** A forwarder that has read events which the store does not have: an older backup of the store alone was restored. */
class OlderStoreIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestBroker broker = TestBroker.embedded();
    private TestDatabase database;

    @BeforeEach
    void start() {
        broker.purge();
        database = TestDatabase.create();
    }

    @AfterEach
    void stop() {
        database.close();
        broker.purge();
    }

    private RunningCommandSide commandSide() {
        return RunningCommandSide.start(
                database,
                broker.springProperties().entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static JsonNode forwarder(RunningCommandSide shop) {
        return shop.get("/api/admin/forwarder").expect(200).json();
    }

    @Test
    void standsAndSaysSoWhileCommandsGoOn() {
        String ahead;
        try (RunningCommandSide shop = commandSide()) {
            shop.product(5);
            await().atMost(PATIENCE)
                    .until(() -> forwarder(shop).get("lagEvents").intValue() == 0
                            && !forwarder(shop).get("position").asString().equals("0-0-0"));
            ahead = forwarder(shop).get("position").asString();
        }
        new JdbcTemplate(database.admin()).execute("delete from event_store.domain_event");
        EventStoreSchema.openEpoch(database.admin());

        try (RunningCommandSide shop = commandSide()) {
            await().atMost(PATIENCE).until(() -> !forwarder(shop).get("error").isNull());
            assertThat(forwarder(shop).get("error").asString())
                    .contains(ahead, "an older backup of the store was restored", "store-restored");
            JsonNode health = shop.get(shop.management("/actuator/health")).json();
            assertThat(health.get("status").asString()).isEqualTo("DEGRADED");

            shop.product(5);
            assertThat(forwarder(shop).get("position").asString()).isEqualTo(ahead);
        }
    }
}
