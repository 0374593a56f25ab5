package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Instances of two releases share the work for a while: the newer one makes something else of the events of users. */
@SuppressWarnings("try") // a lock is held, not used
class ProjectionVersionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Class<?>[] NEWER = {NewerRelease.class};

    private TestDatabase database;
    private EventWriter events;
    private JdbcTemplate jdbc;
    private RunningQuerySide old;
    private RunningQuerySide newer;

    /** Not a {@code @Configuration}, which would be found by every instance. */
    static class NewerRelease {

        @Bean
        static BeanPostProcessor newerVersion() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Projection projection
                                    && projection.name().equals("user-profile")
                            ? new Projection(
                                    projection.name(),
                                    2,
                                    projection.aggregateTypes(),
                                    projection.segments(),
                                    projection.rows(),
                                    projection.tables(),
                                    projection.divisible(),
                                    projection.projector())
                            : bean;
                }
            };
        }
    }

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        jdbc = Tables.jdbc(database);
        IntStream.rangeClosed(1, 30).forEach(i -> events.user(i, "u" + i + "@example.com"));
    }

    @AfterEach
    void stop() {
        if (old != null) {
            old.close();
        }
        if (newer != null) {
            newer.close();
        }
        events.close();
        database.close();
    }

    private void runOld(String... properties) {
        old = RunningQuerySide.on(database, properties);
        old.get("/api/users/30", "Min-Event-Position", events.last(), "Prefer", "wait=20")
                .expect(200);
    }

    private void runNewer(String... properties) {
        newer = RunningQuerySide.on(database, NEWER, properties);
    }

    private int liveVersion() {
        return jdbc.queryForObject(
                "select version from query_side.projection where name = 'user-profile'", Integer.class);
    }

    private List<String> states() {
        return jdbc.queryForList("select state from query_side.replay order by id", String.class);
    }

    private void awaitStates(String... states) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(states()).containsExactly(states));
    }

    private void assertStatesStay(String... states) {
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(states()).containsExactly(states));
    }

    private static JsonNode processor(RunningQuerySide query) {
        return query.get("/api/admin/processors")
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .filter(each -> each.get("projection").asString().equals("user-profile"))
                .findFirst()
                .orElseThrow();
    }

    private static String node(RunningQuerySide query) {
        return query.bean(PostgresTokenStore.class).nodeId();
    }

    private List<String> owners() {
        return jdbc.queryForList(
                "select distinct coalesce(owner, 'nobody') from query_side.tracking_token"
                        + " where processor_name = 'user-profile'",
                String.class);
    }

    /** The older instance would be first to take it. */
    @Test
    void isBuiltByInstancesThatHaveIt() {
        runOld("eventshop.query.replays.step-interval=5ms");
        runNewer();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(liveVersion()).isEqualTo(2));
        awaitStates("COMPLETED");
        assertThat(Tables.liveSlot(database, "user-profile")).isEqualTo("b");
    }

    @Test
    void isServedByInstancesThatHaveIt() {
        runOld();
        runNewer();
        awaitStates("COMPLETED");

        await().atMost(PATIENCE)
                .during(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(owners()).containsExactly(node(newer)));
        String position = events.user(31, "u31@example.com");
        for (RunningQuerySide each : List.of(old, newer)) {
            each.get("/api/users/31", "Min-Event-Position", position, "Prefer", "wait=20")
                    .expect(200);
        }
        assertThat(processor(old).get("error").asString()).contains("version 2", "version 1");
        assertThat(processor(newer).get("error").isNull()).isTrue();
    }

    /** As after an older instance has rebuilt the view. */
    @Test
    void isAskedForAgainWhenTheViewIsOfAnOlderOneAgain() {
        runNewer();
        awaitStates("COMPLETED");

        jdbc.update("update query_side.projection set version = 1 where name = 'user-profile'");

        awaitStates("COMPLETED", "COMPLETED");
        assertThat(liveVersion()).isEqualTo(2);
    }

    @Test
    void isNotAskedForAgainWhenAnOperatorHasCancelledIt() {
        runOld();
        try (TableLock lock = TableLock.againstEmptying(database, "user_profile_b")) {
            runNewer();
            awaitStates("RUNNING");
            newer.delete("/api/admin/replays/1").expect(204);
            assertStatesStay("CANCELLED");
        }
        assertStatesStay("CANCELLED");
        newer.close();
        runNewer();
        awaitStates("CANCELLED", "COMPLETED");
    }

    @Test
    void isAskedForAgainAWhileAfterItFailed() {
        runOld();
        try (TableLock lock = TableLock.againstEmptying(database, "user_profile")) {
            runNewer("eventshop.query.replays.pause-timeout=300ms");
            awaitStates("FAILED");
            assertStatesStay("FAILED");
        }
        jdbc.update("update query_side.replay set finished_at = finished_at - interval '1 hour'");

        awaitStates("FAILED", "COMPLETED");
        assertThat(liveVersion()).isEqualTo(2);
    }

    /** What the older code has made of the first events must not be shown as if the newer had. */
    @Test
    void isNotMixedWithWhatAnOlderBuilderHasMade() {
        runOld();
        String location;
        try (TableLock lock = TableLock.againstEmptying(database, "user_profile_b")) {
            location = old.post("/api/admin/replays", "{\"projection\":\"user-profile\"}")
                    .expect(202)
                    .header("Location");
            old.patch(location, "{\"ratePerSecond\": 10}").expect(200);
        }
        await().atMost(PATIENCE).until(() -> Tables.count(database, "user_profile_b") > 0);
        old.close();
        old = null;
        assertThat(jdbc.update("update query_side.user_profile_b set erased = true"))
                .isPositive();

        runNewer();
        newer.patch(location, "{\"ratePerSecond\": null}").expect(200);

        await().atMost(PATIENCE)
                .until(() -> newer.get(location).json().get("state").asString().equals("COMPLETED"));
        assertThat(jdbc.queryForObject("select count(*) from query_side.user_profile where erased", Long.class))
                .isZero();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(liveVersion()).isEqualTo(2));
    }

    /** The newer release has paused the projection for the switch, and is gone. */
    @Test
    void doesNotKeepTheViewStandingWhenInstancesThatHaveItAreGone() {
        runOld();
        try (TableLock lock = TableLock.againstEmptying(database, "user_profile")) {
            runNewer();
            awaitStates("SWITCHING");
            newer.close();
            newer = null;
        }

        String position = events.user(31, "u31@example.com");
        old.get("/api/users/31", "Min-Event-Position", position, "Prefer", "wait=20")
                .expect(200);
        assertThat(liveVersion()).isOne();
        runNewer();
        awaitStates("COMPLETED");
        assertThat(liveVersion()).isEqualTo(2);
    }

    /** Whoever runs again has an older version than readers see, and would leave an emptied view alone. */
    @Nested
    class AfterARollback {

        private List<String> rows;

        @BeforeEach
        void rollBack() {
            runOld();
            runNewer();
            awaitStates("COMPLETED");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(liveVersion()).isEqualTo(2));
            newer.close();
            newer = null;
            rows = Tables.dump(database, "user_profile");
            assertThat(rows).hasSize(30);
        }

        /** @param from null for the whole */
        private void requestedByAnotherInstance(String from) {
            jdbc.update(
                    "insert into query_side.replay"
                            + " (projection, mode, state, requested_at, started_by, version, from_position)"
                            + " values ('user-profile', 'IN_PLACE', 'QUEUED', now(), 'test', 1, ?)",
                    from);
        }

        private void assertIsRepairedSideBySide() {
            String position = events.user(31, "u31@example.com");
            old.post("/api/admin/replays", "{\"projection\":\"user-profile\"}").expect(202);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(states()).last().isEqualTo("COMPLETED"));
            old.get("/api/users/31", "Min-Event-Position", position, "Prefer", "wait=20")
                    .expect(200);
            assertThat(liveVersion()).isOne();
        }

        @Test
        void isNotReplayedInPlace() {
            assertThat(old.post("/api/admin/replays", "{\"projection\":\"user-profile\",\"mode\":\"IN_PLACE\"}")
                            .expect(409)
                            .code())
                    .isEqualTo("REPLAY_NEEDS_NEWER_RELEASE");

            assertStatesStay("COMPLETED");
            assertThat(Tables.dump(database, "user_profile")).isEqualTo(rows);
            assertIsRepairedSideBySide();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = "0-0-0")
        void isNotEmptied(String from) {
            requestedByAnotherInstance(from);

            awaitStates("COMPLETED", "FAILED");
            assertThat(jdbc.queryForObject("select error from query_side.replay where id = 2", String.class))
                    .contains("newer release");
            assertThat(Tables.dump(database, "user_profile")).isEqualTo(rows);
            assertIsRepairedSideBySide();
        }

        /** The newer release has emptied it, and was taken back before it was filled. */
        @Test
        void isNotLeftToAReleaseThatIsGone() {
            jdbc.update("insert into query_side.replay (projection, mode, state, requested_at, started_by, version,"
                    + " started_at, reset_at, reached, target, total)"
                    + " select 'user-profile', 'IN_PLACE', 'RUNNING', now(), 'test', 2, now(), now(), '0-0-0', target, 30"
                    + " from query_side.replay where id = 1");
            jdbc.update("truncate query_side.user_profile_a, query_side.user_profile_b");

            awaitStates("COMPLETED", "FAILED");
            assertThat(jdbc.queryForObject("select error from query_side.replay where id = 2", String.class))
                    .contains("newer release");
            assertIsRepairedSideBySide();
            assertThat(Tables.dump(database, "user_profile")).hasSize(31);
        }

        @Test
        void isReplayedInPlaceByInstancesThatHaveItWhileTheyAreAlive() {
            runNewer();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(owners()).containsExactly(node(newer)));

            old.post("/api/admin/replays", "{\"projection\":\"user-profile\",\"mode\":\"IN_PLACE\"}")
                    .expect(202);

            awaitStates("COMPLETED", "COMPLETED");
            assertThat(Tables.dump(database, "user_profile")).isEqualTo(rows);
        }
    }
}
