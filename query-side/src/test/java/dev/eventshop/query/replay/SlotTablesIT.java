package dev.eventshop.query.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.Slot;
import dev.eventshop.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SlotTablesIT {

    private static final Projection PROJECTION = new Projection(
            "probe",
            1,
            Set.of("User"),
            1,
            Projection.Rows.ofAll("one", "id", "User"),
            List.of("one", "two"),
            true,
            slot -> new Object());

    private TestDatabase database;
    private JdbcTemplate jdbc;
    private TransactionTemplate transactions;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        jdbc = new JdbcTemplate(database.admin());
        transactions = new TransactionTemplate(new JdbcTransactionManager(database.admin()));
        jdbc.execute("create table one_b as select 1 as id; create table two_b as select 1 as id");
    }

    @AfterEach
    void stop() {
        database.close();
    }

    /** A wait for each of the tables would be as many times as long. */
    @Test
    void areNotWaitedForOneByOne() {
        TransactionTemplate reader = new TransactionTemplate(new JdbcTransactionManager(database.admin()));
        reader.executeWithoutResult(status -> {
            JdbcTemplate reads = jdbcOf(reader);
            reads.queryForList("select * from two_b");

            assertThatThrownBy(() -> inTransaction(own -> SlotTables.empty(own, PROJECTION, Slot.B)))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState())
                                    .as("the statement as a whole took too long, and not one lock")
                                    .isEqualTo("57014"));
        });
        assertThat(jdbc.queryForObject("select count(*) from one_b", Long.class))
                .isOne();
    }

    @Test
    void areEmptiedWithoutABoundOnTheRestOfTheTransaction() {
        inTransaction(own -> {
            own.execute("set statement_timeout = '7s'");
            SlotTables.empty(own, PROJECTION, Slot.B);
            assertThat(own.queryForObject("show statement_timeout", String.class))
                    .isEqualTo("7s");
        });
        assertThat(jdbc.queryForObject("select count(*) from one_b", Long.class))
                .isZero();
    }

    private void inTransaction(java.util.function.Consumer<JdbcTemplate> work) {
        transactions.executeWithoutResult(status -> work.accept(jdbcOf(transactions)));
    }

    private static JdbcTemplate jdbcOf(TransactionTemplate transactions) {
        return new JdbcTemplate(((JdbcTransactionManager) transactions.getTransactionManager()).getDataSource());
    }
}
