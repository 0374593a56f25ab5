package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Kills the process while it rebuilds a projection side by side: at any moment, while it tries to switch, and when it has
 * switched and not emptied the old slot. Each time a new process goes on with what the one before has left. Readers see
 * every row all the time.
 */
@SuppressWarnings("try") // a lock is held, not used
class ReplayCrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayCrashIT.class);

    /** At random moments; two more are at certain ones. */
    private static final int KILLS = Integer.getInteger("eventshop.test.replay-kills", 1);

    private static final int ORDERS = 3_000;
    private static final List<String> DIVISIBLE = List.of("order-summary", "product-catalog", "user-profile");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What a killed process had claimed is taken over soon. */
    private static final Map<String, String> SOON = Map.of(
            "eventshop.event-store.claim-timeout", "2s",
            "eventshop.query.claim-interval", "300ms",
            "eventshop.query.instance-timeout", "2s",
            "eventshop.query.replays.step-interval", "20ms");

    private enum Moment {
        ANY,
        BEFORE_THE_SWITCH,
        AFTER_THE_SWITCH
    }

    private final Random random = new Random(Long.getLong("eventshop.test.seed", 1));
    private final List<String> projections = new ArrayList<>(new TreeMap<>(Tables.OF_PROJECTION).keySet());
    private int written;
    private TestDatabase database;
    private EventWriter events;
    private JdbcTemplate jdbc;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        jdbc = Tables.jdbc(database);
    }

    @AfterEach
    void stop() {
        events.close();
        database.close();
    }

    @Test
    void leavesTheLiveViewIntactAndTheReplayToTheNextProcess() throws Exception {
        history();
        QuerySideProcess process = QuerySideProcess.start(database, SOON);
        try {
            for (int kill = 0; kill < KILLS + 2; kill++) {
                Moment moment = kill < KILLS ? Moment.ANY : Moment.values()[1 + kill - KILLS];
                String projection = projections.get(random.nextInt(projections.size()));
                write(process, kill);
                Map<String, List<String>> before = seen(projection);
                String slot = Tables.liveSlot(database, projection);

                String at = kill(process, projection, moment);

                assertThat(seen(projection)).as(at).isEqualTo(before);
                jdbc.update("update query_side.replay set rate_per_second = null");
                process = QuerySideProcess.start(database, SOON);
                awaitState(projection, "COMPLETED");
                assertThat(seen(projection)).as(at).isEqualTo(before);
                assertThat(Tables.liveSlot(database, projection)).as(at).isNotEqualTo(slot);
                assertThat(Tables.dumpSlot(database, projection, slot).values())
                        .as(at)
                        .allSatisfy(rows -> assertThat(rows).isEmpty());
                LOG.info("killed {}", at);
            }
            write(process, KILLS + 2);
        } finally {
            process.close();
        }
    }

    @Test
    void goesOnWithWhatHasChangedSinceAPosition() throws Exception {
        history();
        String from = events.last();
        events.confirm(2, T0.plusSeconds(1)); // the reading begins there
        events.placeMany(ORDERS + 1, ORDERS);
        events.product(21, "Product 21", "9.90", 100);
        events.eraseUser(5);
        QuerySideProcess process = QuerySideProcess.start(database, SOON);
        try {
            for (int kill = 0; kill < KILLS + 2; kill++) {
                String projection = DIVISIBLE.get(kill % DIVISIBLE.size());
                write(process, kill);
                Map<String, List<String>> before = seen(projection);

                request(process, projection, ",\"mode\":\"IN_PLACE\",\"from\":{\"position\":\"" + from + "\"}");
                TimeUnit.MICROSECONDS.sleep(random.nextInt(1_000_000));
                process.kill();

                String at = projection + ": " + state(projection) + ", rows: " + rows(projection);
                process = QuerySideProcess.start(database, SOON);
                awaitState(projection, "COMPLETED");
                assertThat(seen(projection)).as(at).isEqualTo(before);
                LOG.info("killed {}", at);
            }
            write(process, KILLS + 2);
        } finally {
            process.close();
        }
    }

    private int rows(String projection) {
        return seen(projection).values().stream().mapToInt(List::size).sum();
    }

    private void history() {
        for (int i = 1; i <= 20; i++) {
            events.product(i, "Product " + i, i + ".90", 100);
            events.stock(i, 100, 90, T0.plusSeconds(i), EventWriter.reserved(i));
            events.user(i, "u" + i + "@example.com");
        }
        events.eraseUser(3);
        events.placeMany(1, ORDERS);
        for (int i = 1; i <= ORDERS; i += 37) {
            events.confirm(i, T0.plusSeconds(i));
            if (i % 2 == 0) {
                events.cancel(i, 1 + (i - 1) % 10, "CONFIRMED", T0.plusSeconds(100_000 + i));
            }
        }
    }

    /** Something new of each projection, which all of them show soon. */
    private void write(QuerySideProcess process, int number) {
        int id = 10_000 + number;
        events.product(id, "Tea", "3.00", 5);
        events.user(id, "u" + id + "@example.com");
        String position = events.order(id, id, T0, item(id, 1, "3.00"));
        for (String path :
                List.of("/api/products/" + id, "/api/users/" + id, "/api/orders/" + id, "/api/statistics/sales")) {
            assertThat(process.send("GET", path, "", "Min-Event-Position", position, "Prefer", "wait=60"))
                    .as(path)
                    .isEqualTo(200);
        }
    }

    /** What readers see, in whichever slot it is. */
    private Map<String, List<String>> seen(String projection) {
        Map<String, List<String>> rows = new TreeMap<>();
        Tables.OF_PROJECTION.get(projection).forEach(view -> rows.put(view, Tables.dump(database, view)));
        return rows;
    }

    /** @return what was done at which moment */
    private String kill(QuerySideProcess process, String projection, Moment moment) throws InterruptedException {
        String table = Tables.OF_PROJECTION.get(projection).get(0);
        String lock = moment == Moment.AFTER_THE_SWITCH ? table + "_" + Tables.liveSlot(database, projection) : table;
        if (moment == Moment.ANY) {
            requestSlow(process, projection, table);
            int writes = random.nextInt(200);
            for (int i = 0; i < writes; i++) {
                writeOther(projection, i);
                TimeUnit.MILLISECONDS.sleep(5);
            }
            String before = state(projection);
            process.kill();
            assertThat(before).as("%s of %s", moment, projection).isIn("RUNNING", "SWITCHING");
        } else {
            try (TableLock held = TableLock.againstEmptying(database, lock)) {
                request(process, projection, "");
                await("%s of %s".formatted(moment, projection))
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .untilAsserted(() -> assertThat(state(projection) + ", switched: " + isSwitched(projection))
                                .as(process::toString)
                                .isEqualTo("SWITCHING, switched: " + (moment == Moment.AFTER_THE_SWITCH)));
                TimeUnit.MICROSECONDS.sleep(random.nextInt(300_000));
                process.kill();
            }
        }
        return "%s: %s, %s, switched: %s".formatted(projection, moment, state(projection), isSwitched(projection));
    }

    private static void request(QuerySideProcess process, String projection, String more) {
        assertThat(process.send("POST", "/api/admin/replays", "{\"projection\":\"" + projection + "\"" + more + "}"))
                .isEqualTo(202);
    }

    /** Takes about five seconds, so that it is under way for longer than is waited before the kill. */
    private void requestSlow(QuerySideProcess process, String projection, String table) {
        String idle = Tables.liveSlot(database, projection).equals("a") ? "_b" : "_a";
        try (TableLock held = TableLock.againstEmptying(database, table + idle)) {
            request(process, projection, "");
            awaitState(projection, "RUNNING");
            Map<String, Object> replay = jdbc.queryForMap(
                    "select id, greatest(total / 5, 1) as rate from query_side.replay order by id desc limit 1");
            assertThat(process.send(
                            "PATCH",
                            "/api/admin/replays/" + replay.get("id"),
                            "{\"ratePerSecond\": " + replay.get("rate") + "}"))
                    .isEqualTo(200);
        }
    }

    /** Lets the store grow by what the view does not show, which can be compared then. */
    private void writeOther(String projection, int number) {
        if (projection.equals("user-profile")) {
            events.stock(1 + number % 20, 90, 90, T0.plusSeconds(number), Map.of());
        } else {
            events.user(100_000 + written++, "w" + number + "@example.com");
        }
    }

    private void awaitState(String projection, String state) {
        await().atMost(PATIENCE).until(() -> state(projection).equals(state));
    }

    private String state(String projection) {
        return jdbc.queryForObject(
                "select state from query_side.replay where projection = ? order by id desc limit 1",
                String.class,
                projection);
    }

    private boolean isSwitched(String projection) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select switched_at is not null from query_side.replay where projection = ? order by id desc limit 1",
                Boolean.class,
                projection));
    }
}
