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

    private static final String DEAD_LETTERS = "/api/admin/dead-letters";

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

    @Test
    void whatIsDoneWithEventsThatAreSetApartIsWrittenDown() {
        long one = park(1);
        long other = park(2);
        long third = park(3);

        query.post(DEAD_LETTERS + "/" + one + "/retry", "").expect(202);
        query.post(DEAD_LETTERS + "/retry", "{}").expect(202);
        query.delete(DEAD_LETTERS + "/" + other).expect(202);
        query.post(DEAD_LETTERS + "/discard", "{\"projection\":\"order-summary\"}")
                .expect(202);
        query.post(DEAD_LETTERS + "/" + third + "/retry", "").expect(404);
        query.delete(DEAD_LETTERS + "/" + third).expect(404);

        await().untilAsserted(() -> assertThat(entries())
                .containsExactly(
                        entry("BEGUN", "POST", "/{id}/retry", "/" + one + "/retry"),
                        entry("DONE 202", "POST", "/{id}/retry", "/" + one + "/retry"),
                        entry("BEGUN", "POST", "/retry", "/retry"),
                        entry("DONE 202", "POST", "/retry", "/retry"),
                        entry("BEGUN", "DELETE", "/{id}", "/" + other),
                        entry("DONE 202", "DELETE", "/{id}", "/" + other),
                        entry("BEGUN", "POST", "/discard", "/discard"),
                        entry("DONE 202", "POST", "/discard", "/discard"),
                        entry("BEGUN", "POST", "/{id}/retry", "/" + third + "/retry"),
                        entry("REFUSED 404", "POST", "/{id}/retry", "/" + third + "/retry"),
                        entry("BEGUN", "DELETE", "/{id}", "/" + third),
                        entry("REFUSED 404", "DELETE", "/{id}", "/" + third)));
    }

    private static String entry(String outcome, String method, String action, String target) {
        return outcome + " " + method + " " + DEAD_LETTERS + action + " " + DEAD_LETTERS + target + " operator";
    }

    /** In no sequence, so that nobody tries it again. */
    private static long park(int sequenceNumber) {
        Long id = Tables.jdbc(database)
                .queryForObject(
                        "insert into query_side.dead_letter (projection, aggregate_id, sequence_number, event_type, state,"
                                + " error_class, error, attempts, parked_at) values ('order-summary', 'order-7', ?,"
                                + " 'OrderStatusChangedEvent', 'PARKED', 'MissingRow', 'none', 1, now()) returning id",
                        Long.class,
                        sequenceNumber);
        return id == null ? 0 : id;
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
