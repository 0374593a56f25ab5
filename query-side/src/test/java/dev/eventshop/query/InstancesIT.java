package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstancesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide one;
    private RunningQuerySide two;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        one = RunningQuerySide.on(database);
        two = RunningQuerySide.on(database);
        await().atMost(PATIENCE)
                .until(() -> segmentsOf("order-summary").values().stream()
                                .sorted()
                                .toList()
                                .equals(List.of(2L, 2L))
                        && segmentsOf("user-profile").size() == 2);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        events.close();
        database.close();
    }

    /** How many segments each owner has. */
    private Map<String, Long> segmentsOf(String projection) {
        Map<String, Long> owned = new HashMap<>();
        Tables.jdbc(database)
                .query(
                        "select owner, count(*) from query_side.tracking_token"
                                + " where processor_name = ? and owner is not null group by owner",
                        row -> {
                            owned.put(row.getString(1), row.getLong(2));
                        },
                        projection);
        return owned;
    }

    @Test
    void shareTheSegmentsOfAProjectionAndApplyEachEventOnce() {
        events.placeMany(1, 2_000);
        String head = events.last();

        one.get("/api/orders", "Min-Event-Position", head, "Prefer", "wait=20").expect(200);

        assertThat(Tables.count(database, "order_summary_a")).isEqualTo(2_000);
        assertThat(Tables.count(database, "order_timeline_a")).isEqualTo(2_000);
        assertThat(segmentsOf("order-summary").values()).containsExactly(2L, 2L);
        Set<String> shown = one.get("/api/admin/processors")
                .json()
                .get("items")
                .valueStream()
                .filter(p -> p.get("projection").asString().equals("order-summary"))
                .flatMap(p -> p.get("segments").valueStream())
                .map(segment -> segment.get("owner").asString())
                .collect(Collectors.toSet());
        assertThat(shown).isEqualTo(segmentsOf("order-summary").keySet());
    }

    @Test
    void bothSeeAWriteWhoeverAppliesIt() {
        for (int i = 1; i <= 30; i++) {
            String position = events.order(i, 1, T0, item(1, 1, "1.00"));
            one.get("/api/orders/" + i, "Min-Event-Position", position).expect(200);
            two.get("/api/orders/" + i, "Min-Event-Position", position).expect(200);
        }
    }

    @Test
    void doNotWaitForTheStoredPositionOfSegmentsWithoutWork() {
        for (int i = 1; i <= 20; i++) {
            String position = events.user(i, "u" + i + "@example.com");
            long begin = System.nanoTime();
            one.get("/api/orders", "Min-Event-Position", position).expect(200);
            two.get("/api/products", "Min-Event-Position", position).expect(200);
            two.get("/api/users/" + i, "Min-Event-Position", position).expect(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void allLetGoForAReplay() {
        events.placeMany(1, 1_000);
        String head = events.last();
        one.get("/api/orders", "Min-Event-Position", head, "Prefer", "wait=20").expect(200);
        Map<String, List<String>> before = Tables.dumpAll(database);

        String location = two.post("/api/admin/replays", "{\"projection\":\"order-summary\",\"mode\":\"IN_PLACE\"}")
                .expect(202)
                .header("Location");
        one.post("/api/admin/replays", "{\"projection\":\"order-summary\",\"mode\":\"IN_PLACE\"}")
                .expect(409);

        await().atMost(PATIENCE)
                .until(() -> one.get(location).json().get("state").asString().equals("COMPLETED"));
        one.get("/api/statistics/sales", "Min-Event-Position", head, "Prefer", "wait=20")
                .expect(200);
        assertThat(Tables.dump(database, "order_summary_a")).isEqualTo(before.get("order_summary_a"));
        assertThat(Tables.dump(database, "order_timeline_a")).isEqualTo(before.get("order_timeline_a"));
    }

    @Test
    void seeTheSameSlotWhicheverRebuildsIt() throws Exception {
        events.placeMany(1, 1_000);
        one.get("/api/orders", "Min-Event-Position", events.last(), "Prefer", "wait=20")
                .expect(200);
        List<String> before = Tables.dump(database, "order_summary_a");
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Long>> readers = Stream.of(one, two)
                .map(instance -> CompletableFuture.supplyAsync(() -> {
                    long reads = 0;
                    for (; !over.get(); reads++) {
                        instance.get("/api/orders/" + (1 + reads % 1_000)).expect(200);
                    }
                    return reads;
                }))
                .toList();

        String location = two.post("/api/admin/replays", "{\"projection\":\"order-summary\"}")
                .expect(202)
                .header("Location");
        await().atMost(PATIENCE)
                .until(() -> one.get(location).json().get("state").asString().equals("COMPLETED"));
        over.set(true);
        for (CompletableFuture<Long> reader : readers) {
            assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
        }

        assertThat(Tables.dump(database, "order_summary_b")).isEqualTo(before);
        assertThat(Tables.count(database, "order_summary_a")).isZero();
        for (int i = 1_001; i <= 1_050; i++) {
            events.order(i, 1, T0.plusSeconds(i), item(1, 1, "1.00"));
        }
        two.get("/api/orders", "Min-Event-Position", events.last(), "Prefer", "wait=20")
                .expect(200);
        assertThat(Tables.count(database, "order_summary_b")).isEqualTo(1_050);
        assertThat(Tables.count(database, "order_summary_a")).isZero();
        await().atMost(PATIENCE)
                .until(() -> segmentsOf("order-summary").values().stream()
                        .sorted()
                        .toList()
                        .equals(List.of(2L, 2L)));
    }

    @Test
    void takeOverFromEachOther() {
        two.close();

        String position = events.order(1, 1, T0, item(1, 1, "1.00"));
        for (int i = 2; i <= 20; i++) {
            position = events.order(i, 1, T0, item(1, 1, "1.00"));
        }
        one.get("/api/orders", "Min-Event-Position", position, "Prefer", "wait=20")
                .expect(200);

        assertThat(Tables.count(database, "order_summary_a")).isEqualTo(20);
        await().atMost(PATIENCE)
                .until(() -> segmentsOf("order-summary").values().equals(Set.of(4L))
                        || List.copyOf(segmentsOf("order-summary").values()).equals(List.of(4L)));
    }
}
