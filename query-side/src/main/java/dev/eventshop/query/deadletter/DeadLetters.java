package dev.eventshop.query.deadletter;

import dev.eventshop.query.deadletter.DeadLetterFilter.Condition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What operators see of the events that are set apart, and say about them. */
final class DeadLetters {

    private static final String SELECT = "select * from dead_letter where ";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    DeadLetters(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** @return oldest first, those with greater ids than {@code after} */
    List<DeadLetter> list(@Nullable String projection, long after, int limit) {
        Condition condition = new DeadLetterFilter(projection, null, null).condition();
        List<Object> parameters = new ArrayList<>(condition.parameters());
        parameters.add(after);
        parameters.add(limit);
        return jdbc.sql(SELECT + condition.sql() + " and id > ? order by id limit ?")
                .params(parameters)
                .query(DeadLetters::letter)
                .list();
    }

    Optional<DeadLetter> find(long id) {
        return jdbc.sql(SELECT + "state = 'PARKED' and id = ?")
                .param(id)
                .query(DeadLetters::letter)
                .optional();
    }

    /**
     * Has them tried again soon, each with those before it.
     *
     * @return how many are meant
     */
    long retry(Condition which) {
        Long count = transactions.execute(status -> {
            soon(which);
            return jdbc.sql("select count(*) from dead_letter where " + which.sql())
                    .params(which.parameters())
                    .query(Long.class)
                    .single();
        });
        return count == null ? 0 : count;
    }

    /**
     * Has them passed over, soon and in each rebuild.
     *
     * @return how many
     */
    long discard(Condition which) {
        Integer count = transactions.execute(status -> {
            soon(which); // and waits for who tries them at the moment
            return jdbc.sql("update dead_letter set state = 'DISCARDED' where " + which.sql())
                    .params(which.parameters())
                    .update();
        });
        return count == null ? 0 : count;
    }

    private void soon(Condition which) {
        jdbc.sql("""
                        update dead_sequence set next_attempt_at = clock_timestamp()
                        where (projection, aggregate_id) in
                            (select projection, aggregate_id from dead_letter where\s""" + which.sql() + ")").params(which.parameters()).update();
    }

    /** @return that one event */
    static Condition one(long id) {
        return new Condition("state = 'PARKED' and id = ?", List.of(id));
    }

    private static DeadLetter letter(ResultSet row, int number) throws SQLException {
        String aggregateId = row.getString("aggregate_id");
        String error = row.getString("error");
        return new DeadLetter(
                row.getLong("id"),
                row.getString("projection"),
                aggregateId,
                row.getLong("sequence_number"),
                row.getString("event_type"),
                row.getString("error_class"),
                error == null ? "It waits for the events of " + aggregateId + " before it." : error,
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"));
    }
}
