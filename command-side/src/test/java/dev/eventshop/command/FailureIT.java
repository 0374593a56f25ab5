package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a command leaves behind when the database does not play along. */
class FailureIT {

    private TestDatabase database;
    private RunningCommandSide shop;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        shop = RunningCommandSide.start(
                database,
                "spring.datasource.hikari.connection-init-sql=set statement_timeout = '2s'",
                "eventshop.command-side.commands.lock-wait=300ms");
    }

    @AfterEach
    void stop() {
        shop.close();
        database.close();
    }

    @Test
    void leavesNothingOfARolledBackCommandInTheCache() throws Exception {
        int product = shop.product(10);
        try (Connection other = holdingTheLookupOf(product)) {
            Answer answer = changePrice(product);

            assertThat(answer.expect(503).header("Retry-After")).isNotEmpty();
            other.rollback();
        }

        // From a cache that kept the price this would change nothing, and the version would stay.
        assertThat(changePrice(product).expect(204).version()).isEqualTo(1);
    }

    @Test
    void doesNotLetOthersWaitForEverForTheAggregate() throws Exception {
        int product = shop.product(10);
        try (Connection other = holdingTheLookupOf(product)) {
            CompletableFuture<Answer> blocked = CompletableFuture.supplyAsync(() -> changePrice(product));
            JdbcTemplate jdbc = new JdbcTemplate(database.admin());
            await().until(() -> 1L
                    == jdbc.queryForObject(
                            "select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock'",
                            Long.class));

            Answer waiting = shop.adjust(product, 1);

            assertThat(waiting.expect(503).code()).isEqualTo("TOO_CONTENDED");
            assertThat(waiting.header("Retry-After")).isNotEmpty();
            assertThat(shop.adjust(shop.product(1), 1).status()).isEqualTo(204);
            other.rollback();
            blocked.join().expect(204);
        }
        shop.adjust(product, 1).expect(204);
    }

    @Test
    void recoversFromLostConnections() {
        int product = shop.product(10);
        new JdbcTemplate(database.admin())
                .queryForList("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'command_side'"
                        + " and datname = current_database()");

        await().untilAsserted(() -> shop.adjust(product, 1, "If-Match", "\"0\"").expect(204));

        assertThat(shop.adjust(product, 1).expect(204).version()).isEqualTo(2);
    }

    private Answer changePrice(int product) {
        return shop.put("/api/products/" + product + "/price", "{\"price\":5.00}");
    }

    private Connection holdingTheLookupOf(int product) throws SQLException {
        Connection connection = database.admin().getConnection();
        connection.setAutoCommit(false);
        connection
                .createStatement()
                .execute("select 1 from command_side.product_lookup where product_id = " + product + " for update");
        return connection;
    }
}
