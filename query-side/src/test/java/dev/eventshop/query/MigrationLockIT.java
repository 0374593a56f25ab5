package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** A migration of a table that somebody uses for long, as a backup does. */
@SuppressWarnings("try") // a lock is held, not used; nor is the writer
class MigrationLockIT {

    @Test
    void waitsForItAndLetsThoseBehindItPassMeanwhile() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                EventWriter events = EventWriter.on(database)) { // makes the store
            RunningQuerySide.on(database).close();
            JdbcTemplate jdbc = Tables.jdbc(database);
            jdbc.setQueryTimeout(30); // or it would wait for as long as the backup takes
            jdbc.update("delete from query_side.flyway_schema_history where version = '9'");
            jdbc.execute("alter table query_side.replay drop column from_position");
            CompletableFuture<RunningQuerySide> starting;
            try (TableLock backup = TableLock.againstEmptying(database, "replay")) {
                starting = CompletableFuture.supplyAsync(() -> RunningQuerySide.on(database));
                await().atMost(Duration.ofMinutes(1)).until(() -> isWaitedFor(jdbc));

                assertThat(jdbc.queryForList("select * from query_side.replay")).isEmpty();
                await().atMost(Duration.ofMinutes(1)).until(() -> isWaitedFor(jdbc)); // again
                assertThat(starting).isNotDone();
            }

            try (RunningQuerySide query = starting.get(1, TimeUnit.MINUTES)) {
                query.get("/api/admin/replays").expect(200);
            }
        }
    }

    private static boolean isWaitedFor(JdbcTemplate jdbc) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select exists (select from pg_locks where relation = 'query_side.replay'::regclass and not granted"
                        + " and mode = 'AccessExclusiveLock')",
                Boolean.class));
    }
}
