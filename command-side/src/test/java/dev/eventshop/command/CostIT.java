package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What commands cost in the database, whatever an aggregate's history. */
class CostIT {

    private TestDatabase database;
    private RunningCommandSide shop;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        shop = counting();
    }

    private RunningCommandSide counting() {
        return RunningCommandSide.start(
                database, "spring.datasource.driver-class-name=" + CountingDriver.class.getName());
    }

    @AfterEach
    void stop() {
        shop.close();
        database.close();
    }

    @Test
    void isOneInsertAndOneCommitForACommandOnACachedAggregate() {
        int product = shop.product(10);
        shop.adjust(product, 1).expect(204);

        List<String> executed = statements(() -> shop.adjust(product, 1).expect(204));

        assertThat(executed).hasSize(2);
        assertThat(executed.get(0)).containsIgnoringCase("insert into").containsIgnoringCase("domain_event");
        assertThat(executed.get(1)).isEqualTo("commit");
    }

    @Test
    void isOneInsertForACommandWithSeveralEvents() {
        int product = shop.product(10);
        int user = shop.user("cost@example.com");
        int order = shop.post(
                        "/api/orders",
                        "{\"userId\":" + user + ",\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}")
                .expect(201)
                .json()
                .get("orderId")
                .intValue();
        await().untilAsserted(() -> shop.post("/api/orders/" + order + "/shipment", "", "If-Match", "\"1\"")
                .expect(204));

        List<String> executed = statements(
                () -> shop.post("/api/orders/" + order + "/completion").expect(204));

        assertThat(executed).hasSize(2);
    }

    @Test
    void isOneIndexedQueryForARefusalFromTheCache() {
        int product = shop.product(10);

        for (int i = 0; i < 3; i++) {
            List<String> executed = statements(() -> shop.adjust(product, -11).expect(422));

            assertThat(executed).hasSize(2);
            assertThat(executed.get(0)).containsIgnoringCase("select");
            assertThat(executed.get(1)).isEqualTo("rollback");
        }
    }

    @Test
    void isOneMoreStatementForWhatOthersLookUp() {
        int user = shop.user("lookup@example.com");
        int product = shop.product(10);

        assertThat(statements(() -> shop.product(10))).hasSize(3);
        assertThat(statements(() -> shop.user("lookup-2@example.com"))).hasSize(4); // and one for the person's key
        assertThat(statements(() -> shop.post(
                                "/api/orders",
                                "{\"userId\":" + user + ",\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}")
                        .expect(201)))
                .filteredOn(sql -> !sql.contains("nextval"))
                .hasSize(6); // and one each for its permits and its deadline
    }

    @Test
    void doesNotGrowWithTheHistoryAfterARestart() {
        int product = shop.product(0);
        for (int i = 0; i < 1_000; i++) {
            shop.adjust(product, 1).expect(204);
        }
        EventStorageEngine store = shop.bean(EventStorageEngine.class);
        await().untilAsserted(() -> assertThat(
                        store.readSnapshot("product-" + product).map(DomainEventMessage::getSequenceNumber))
                .hasValueSatisfying(version -> assertThat(version).isGreaterThanOrEqualTo(900)));
        shop.close();
        shop = counting();

        List<String> executed =
                CountingDriver.during(() -> shop.adjust(product, 1).expect(204));

        assertThat(executed.stream().filter("row"::equals).count()).isLessThanOrEqualTo(110);
        assertThat(executed.stream()
                        .filter(sql -> sql.toLowerCase().contains("select"))
                        .count())
                .isLessThanOrEqualTo(3);
        assertThat(shop.adjust(product, -1_001).expect(204).version()).isEqualTo(1_002);
        assertThat(shop.adjust(product, -1).status()).isEqualTo(422);
    }

    @Test
    void isTheSameWithAHundredThousandEventsAsWithTen() {
        StoredShop stored = new StoredShop(database);
        int young = shop.product(10);
        int old = shop.product(10);
        shop.adjust(young, 1).expect(204);
        shop.adjust(young, -1).expect(204);
        shop.adjust(old, 1).expect(204);
        shop.adjust(old, -1).expect(204);
        stored.repeatAdjustments(young, 9);
        shop.adjust(young, -1).expect(204);
        EventStorageEngine store = shop.bean(EventStorageEngine.class);
        for (int events = 1_999; events < 100_000; events += 2_000) {
            stored.repeatAdjustments(old, events);
            shop.adjust(old, -1).expect(204); // reads them, and takes a snapshot
            long read = events;
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> store.readSnapshot("product-" + old)
                            .filter(snapshot -> snapshot.getSequenceNumber() >= read)
                            .isPresent());
        }
        shop.close();
        shop = counting();

        for (int delta : new int[] {1, 1, -1}) { // the first one reads the product, the others have it
            assertThat(statements(() -> shop.adjust(old, delta).expect(204)))
                    .isEqualTo(statements(() -> shop.adjust(young, delta).expect(204)));
        }
        assertThat(statements(() -> shop.adjust(old, -100).expect(422)))
                .isEqualTo(statements(() -> shop.adjust(young, -100).expect(422)));
        assertThat(shop.adjust(old, 1).expect(204).version()).isEqualTo(100_004);
    }

    private static List<String> statements(Runnable request) {
        return CountingDriver.during(request).stream()
                .filter(executed -> !executed.equals("row"))
                .toList();
    }
}
