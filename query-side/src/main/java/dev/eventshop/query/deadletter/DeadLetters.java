package dev.eventshop.query.deadletter;

import dev.eventshop.query.deadletter.DeadLetterFilter.Condition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What operators see of the events that are set apart, and say about them. */
final class DeadLetters {

    private static final String SELECT = """
            select id, projection, aggregate_id, sequence_number, event_type, error_class, error, parked_at, attempts
            from dead_letter where\s""";

    private static final String GROUPS = """
            select g.*, newest.error
            from (select projection, error_class, count(*) as letters, min(parked_at) as first_at,
                         max(parked_at) as last_at, max(id) as newest_id
                  from dead_letter
                  where state = 'PARKED' and error_class is not null and (projection, error_class) > (?, ?)
                  group by projection, error_class
                  order by projection, error_class
                  limit ?) g
            join dead_letter newest on newest.id = g.newest_id
            order by g.projection, g.error_class""";

    private static final String HOURS = """
            select date_trunc('hour', parked_at, 'UTC') as hour, count(*) as letters
            from dead_letter
            where state = 'PARKED' and parked_at >= date_trunc('hour', now(), 'UTC') - interval '7 days'
            group by hour
            order by hour""";

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

    /** @return where it failed last; empty for one that waits, or was set apart before that was kept */
    Optional<String> stackTrace(long id) {
        return jdbc.sql("select stack_trace from dead_letter where id = ? and stack_trace is not null")
                .param(id)
                .query(String.class)
                .optional();
    }

    /** @return by projection and error, those behind {@code after} */
    List<DeadLetterGroup> groups(GroupKey after, int limit) {
        return jdbc.sql(GROUPS)
                .params(after.projection(), after.errorClass(), limit)
                .query((row, number) -> new DeadLetterGroup(
                        row.getString("projection"),
                        row.getString("error_class"),
                        row.getString("error"),
                        row.getLong("letters"),
                        instant(row, "first_at"),
                        instant(row, "last_at")))
                .list();
    }

    /** What a group is known by. */
    record GroupKey(String projection, String errorClass) {

        /** In front of every group. */
        static final GroupKey START = new GroupKey("", "");
    }

    /** @return of the last seven days, by the hours in which they were set apart; hours without any are left out */
    List<DeadLetterHour> hours() {
        return jdbc.sql(HOURS)
                .query((row, number) -> new DeadLetterHour(instant(row, "hour"), row.getLong("letters")))
                .list();
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
                instant(row, "parked_at"),
                row.getInt("attempts"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
