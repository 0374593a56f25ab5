package dev.eventshop.command;

import static dev.eventshop.command.RunningCommandSide.as;
import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.testing.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What was done and refused stands in a table that only grows. */
class AuditIT {

    private static TestDatabase database;
    private static RunningCommandSide shop;
    private static JdbcTemplate admin;
    private static int users;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        shop = RunningCommandSide.start(database);
        admin = new JdbcTemplate(database.admin());
    }

    @AfterAll
    static void stop() {
        shop.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        admin.execute("truncate command_side.audit");
    }

    private static List<String> entries() {
        return admin.queryForList(
                "select concat_ws(' ', outcome, status, action, target, actor, roles, address) from command_side.audit"
                        + " order by id",
                String.class);
    }

    private static int user() {
        return shop.user("audit" + ++users + "@example.com");
    }

    private static RunningCommandSide.Answer erase(int user, String... caller) {
        return shop.send("DELETE", "/api/users/" + user + "/personal-data", BodyPublishers.noBody(), caller);
    }

    @Test
    void anErasureIsWrittenDownBeforeAndAfter() {
        int user = user();

        erase(user, as("olga", "operator")).expect(204);

        String what =
                "DELETE /api/users/{id}/personal-data /api/users/" + user + "/personal-data olga operator 127.0.0.1";
        await().untilAsserted(() -> assertThat(entries()).containsExactly("BEGUN " + what, "DONE 204 " + what));
    }

    @Test
    void whatAnActionCameToIsWrittenDown() {
        erase(4711, as("olga", "operator")).expect(404);

        await().untilAsserted(() -> assertThat(entries())
                .hasSize(2)
                .anyMatch(entry -> entry.startsWith("BEGUN DELETE"))
                .anyMatch(entry -> entry.startsWith("REFUSED 404 DELETE")));
    }

    @Test
    void whoeverIsRefusedIsWrittenDownACustomerByAPseudonym() {
        int user = user();
        shop.post("/api/products", "{}", as("Ada Lovelace", "customer")).expect(403);
        shop.post("/api/products", "{}", "Authorization", "Bearer nonsense").expect(401);
        erase(user, as("Ada Lovelace", "customer")).expect(404);

        await().untilAsserted(() -> assertThat(entries())
                .anyMatch(entry -> entry.matches(
                        "REFUSED 403 POST /api/products /api/products [A-Za-z0-9_-]{43} customer 127.0.0.1"))
                .anyMatch(entry -> entry.matches("REFUSED 401 POST \\? /api/products +127.0.0.1"))
                .anyMatch(entry -> entry.startsWith("REFUSED 404 DELETE")));
        assertThat(entries()).noneMatch(entry -> entry.contains("Ada") || entry.contains("nonsense"));
    }

    @Test
    void aFloodOfRefusalsIsPutTogether() {
        try (RunningCommandSide flooded =
                RunningCommandSide.start(database, "eventshop.access.audit.refusals-per-minute=5")) {
            for (int i = 0; i < 300; i++) {
                flooded.post("/api/products", "{}", "Authorization", "Bearer nonsense")
                        .expect(401);
            }
        }

        // five at once, and one each twelve seconds; what waited is stored when the service stops
        assertThat(entries().size()).isBetween(5, 60);
    }

    @Test
    void nothingIsDoneThatCantBeWrittenDown() throws Exception {
        int user = user();
        try (Connection connection = database.admin().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table command_side.audit in exclusive mode");

            assertThat(erase(user, as("olga", "operator")).status()).isGreaterThanOrEqualTo(500);
            connection.rollback();
        }

        assertThat(shop.bean(EventLog.class).readStream("user-" + user, 0)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update command_side.audit set actor = 'somebody else'",
                "update command_side.audit set address = null",
                "delete from command_side.audit",
                "truncate command_side.audit",
                "drop table command_side.audit",
                "alter table command_side.audit add column more text"
            })
    void theServiceCantChangeIt(String sql) {
        JdbcTemplate service = new JdbcTemplate(database.as("command_side"));

        assertThatThrownBy(() -> service.execute(sql))
                .rootCause()
                .message()
                .containsAnyOf("permission denied", "must be owner");
    }

    @Test
    void anAddressGoesWhenItsTimeIsOverAndNotBefore() {
        admin.update("insert into command_side.audit (at, roles, action, target, address, outcome) values"
                + " (now() - interval '91 days', '', 'old', '', '10.0.0.1', 'DONE'),"
                + " (now() - interval '89 days', '', 'young', '', '10.0.0.2', 'DONE')");
        JdbcTemplate service = new JdbcTemplate(database.as("command_side"));

        Long forgotten =
                service.queryForObject("select command_side.forget_audit_addresses(interval '90 days')", Long.class);
        service.queryForObject("select command_side.forget_audit_addresses(interval '0')", Long.class);

        assertThat(forgotten).isEqualTo(1);
        assertThat(admin.queryForList("select address from command_side.audit where action = 'old'", String.class))
                .containsExactly((String) null);
    }

    @Test
    @SuppressWarnings("try") // it runs, and is not used
    void anEntryGoesWhenItsTimeIsOverAndNotBefore() {
        admin.update("insert into command_side.audit (at, roles, action, target, outcome)"
                + " select now() - interval '731 days', '', 'old', '', 'DONE' from generate_series(1, 1500)"
                + " union all select now() - interval '729 days', '', 'young', '', 'DONE'"
                + " union all select now() - interval '29 days', '', 'new', '', 'DONE'");
        JdbcTemplate service = new JdbcTemplate(database.as("command_side"));

        String forget = "select command_side.forget_audit(interval '730 days', 1000)";
        assertThat(service.queryForObject(forget, Long.class)).isEqualTo(1_000);
        try (RunningCommandSide another = RunningCommandSide.start(database)) { // looks at once
            await().untilAsserted(() -> assertThat(kept()).containsExactly("new", "young"));
        }
        service.queryForObject("select command_side.forget_audit(interval '0', 1000)", Long.class);
        assertThat(kept()).containsExactly("new"); // not within 30 days, whoever asks
    }

    @Test
    void operatorsReadItNewestFirst() {
        int user = user();
        erase(user, as("olga", "operator")).expect(204);
        shop.post("/api/products", "{}", as("Ada Lovelace", "customer")).expect(403);
        await().untilAsserted(() -> assertThat(entries()).hasSize(3));

        List<JsonNode> items = read("");

        assertThat(items).extracting(item -> item.get("id").longValue()).isSortedAccordingTo(reverseOrder());
        JsonNode begun = items.get(items.size() - 1);
        assertThat(begun.get("actor").asString()).isEqualTo("olga");
        assertThat(begun.get("roles").toString()).isEqualTo("[\"operator\"]");
        assertThat(begun.get("action").asString()).isEqualTo("DELETE /api/users/{id}/personal-data");
        assertThat(begun.get("target").asString()).isEqualTo("/api/users/" + user + "/personal-data");
        assertThat(begun.get("address").asString()).isEqualTo("127.0.0.1");
        assertThat(begun.get("outcome").asString()).isEqualTo("BEGUN");
        assertThat(begun.get("status").isNull()).isTrue();
        assertThat(begun.get("times").intValue()).isEqualTo(1);
        assertThat(Instant.parse(begun.get("at").asString())).isCloseTo(Instant.now(), within(1, ChronoUnit.HOURS));
    }

    @ParameterizedTest
    @CsvSource({
        "'', five four three two one",
        "actor=olga, four two one",
        "actor=olg, ''",
        "target=/api/admin/replays, three two",
        "target=/api/admin/replays/7, three",
        "target=replays, ''",
        "outcome=REFUSED, five",
        "actor=olga&outcome=BEGUN, one",
        "from=2026-01-02T00:00:00Z, five four three two",
        "to=2026-01-02T00:00:00Z, one",
        "from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00%2B00:00, two",
        "from=-999999999-01-01T00:00:00Z&to=%2B999999999-01-01T00:00:00Z, five four three two one",
    })
    void operatorsChooseByWhoWhatAndWhen(String query, String actions) {
        fiveEntries();

        assertThat(read(query))
                .extracting(item -> item.get("action").asString())
                .containsExactly(actions.isEmpty() ? new String[0] : actions.split(" "));
    }

    /** Two of them of the same moment. */
    private static void fiveEntries() {
        admin.update("insert into command_side.audit (at, actor, roles, action, target, outcome) values"
                + " ('2026-01-01T10:00:00Z', 'olga', 'operator', 'one', '/api/products', 'BEGUN'),"
                + " ('2026-01-02T10:00:00Z', 'olga', 'operator', 'two', '/api/admin/replays', 'DONE'),"
                + " ('2026-01-03T10:00:00Z', 'otto', 'operator', 'three', '/api/admin/replays/7', 'DONE'),"
                + " ('2026-01-03T10:00:00Z', 'olga', 'operator', 'four', '/api/users', 'DONE'),"
                + " ('2026-01-04T10:00:00Z', null, '', 'five', '/api/products', 'REFUSED')");
    }

    @Test
    void pagesFollowEachOtherAlsoWithinAMoment() {
        fiveEntries();
        List<String> actions = new ArrayList<>();
        JsonNode cursor = null;
        do {
            JsonNode page = shop.get(
                            "/api/admin/audit?limit=1" + (cursor == null ? "" : "&cursor=" + cursor.asString()))
                    .expect(200)
                    .json();
            page.get("items").forEach(item -> actions.add(item.get("action").asString()));
            cursor = page.get("nextCursor");
        } while (!cursor.isNull());

        assertThat(actions).containsExactly("five", "four", "three", "two", "one");
    }

    @ParameterizedTest
    @CsvSource({
        "outcome=SOMETHING, outcome",
        "from=yesterday, from",
        "to=1, to",
        "cursor=WyJhIl0, cursor",
        "limit=0, limit"
    })
    void whatIsNoQuestionIsRefused(String query, String field) {
        assertThat(shop.get("/api/admin/audit?" + query)
                        .expect(422)
                        .json()
                        .at("/errors/0/field")
                        .asString())
                .isEqualTo(field);
    }

    private static List<JsonNode> read(String query) {
        return shop.get("/api/admin/audit?" + query)
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    private static List<String> kept() {
        return admin.queryForList(
                "select distinct action from command_side.audit where action in ('old', 'young', 'new') order by 1",
                String.class);
    }
}
