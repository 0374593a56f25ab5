package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators do, and who reads what is somebody else's, is written down. */
class AuditIT {

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide query;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database);
        events.user(1, "ada@example.com");
        events.account(1, TestIssuer.shared().url(), "ada");
        events.user(2, "bob@example.com");
        String position = events.order(7, 2, T0, item(1, 1, "1.00"));
        query.get("/api/orders/7", "Min-Event-Position", position).expect(200);
        query.get("/api/users/2", "Min-Event-Position", position).expect(200);
    }

    @AfterAll
    static void stop() {
        query.close();
        events.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        Tables.jdbc(database).execute("truncate query_side.audit");
    }

    private static List<String> entries() {
        return Tables.jdbc(database)
                .queryForList(
                        "select concat_ws(' ', outcome, status, action, target, roles) from query_side.audit order by id",
                        String.class);
    }

    @Test
    void aReplayIsWrittenDownBeforeAndAfter() {
        query.post("/api/admin/replays", "{\"projection\":\"order-summary\"}").expect(202);

        await().untilAsserted(() -> assertThat(entries())
                .containsExactly(
                        "BEGUN POST /api/admin/replays /api/admin/replays operator",
                        "DONE 202 POST /api/admin/replays /api/admin/replays operator"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders/7",
                "/api/orders/7/history",
                "/api/orders/7/stream",
                "/api/users/2",
                "/api/users/2/orders"
            })
    void whoReadsWhatIsSomebodyElsesIsWrittenDown(String path) {
        String token = "Bearer " + TestIssuer.shared().token("ada", "customer");

        query.get(path, "Authorization", token).expect(404);

        await().untilAsserted(() -> assertThat(entries())
                .singleElement()
                .asString()
                .startsWith("REFUSED 404 GET ")
                .endsWith(path + " customer"));
    }

    @Test
    void whatIsNotThereIsNoRefusal() {
        query.get(
                        "/api/orders/4711",
                        "Authorization",
                        "Bearer " + TestIssuer.shared().token("ada", "customer"))
                .expect(404);
        query.get(
                        "/api/users/1",
                        "Authorization",
                        "Bearer " + TestIssuer.shared().token("ada", "customer"))
                .expect(200);

        assertThat(entries()).isEmpty();
    }
}
