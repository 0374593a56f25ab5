package dev.eventshop.query.replay;

import dev.eventshop.eventstore.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Replays in PostgreSQL; times are the database's. */
final class JdbcReplays implements Replays {

    private static final String UNDER_WAY = " and state = 'RUNNING'";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    JdbcReplays(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Optional<Long> request(String projection, ReplayMode mode, String startedBy) {
        return jdbc.sql("""
                        insert into replay (projection, mode, state, requested_at, started_by)
                        values (?, ?, 'QUEUED', clock_timestamp(), ?)
                        on conflict (projection) where state in ('QUEUED', 'RUNNING', 'SWITCHING') do nothing
                        returning id
                        """)
                .params(projection, mode.name(), startedBy)
                .query(Long.class)
                .optional();
    }

    @Override
    public Optional<Replay> find(long id) {
        return jdbc.sql("select * from replay where id = ?")
                .param(id)
                .query(JdbcReplays::replay)
                .optional();
    }

    @Override
    public List<Replay> list(long before, int limit) {
        return jdbc.sql("select * from replay where id < ? order by id desc limit ?")
                .params(before, limit)
                .query(JdbcReplays::replay)
                .list();
    }

    @Override
    public List<Replay> active() {
        return jdbc.sql("select * from replay where state in ('QUEUED', 'RUNNING', 'SWITCHING') order by id")
                .query(JdbcReplays::replay)
                .list();
    }

    @Override
    public boolean begin(long id, Position target, long total, int maxRunning) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            // one at a time: or two instances could each let one too many begin
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('replay', 0))")
                    .query()
                    .singleRow();
            return jdbc.sql("""
                                    update replay
                                       set state = 'RUNNING', started_at = clock_timestamp(), target = ?, total = ?
                                     where id = ? and state = 'QUEUED'
                                       and (select count(*) from replay where state in ('RUNNING', 'SWITCHING')) < ?
                                    """)
                            .params(target.toString(), total, id, maxRunning)
                            .update()
                    == 1;
        }));
    }

    @Override
    public boolean lockForReset(long id) {
        return jdbc.sql("select id from replay where id = ? and reset_at is null" + UNDER_WAY
                        + " for update skip locked")
                .param(id)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    @Override
    public void resetDone(long id) {
        jdbc.sql(
                        "update replay set reset_at = clock_timestamp(), reached_at = clock_timestamp(), reached = ? where id = ?")
                .params(Position.START.toString(), id)
                .update();
    }

    @Override
    public void progress(Replay asRead, Position reached, long processed, long eventsPerSecond) {
        jdbc.sql("""
                        update replay
                           set reached = ?, reached_at = clock_timestamp(), processed = ?, events_per_second = ?
                         where id = ? and reached = ?
                        """ + UNDER_WAY)
                .params(
                        reached.toString(),
                        processed,
                        eventsPerSecond,
                        asRead.id(),
                        asRead.reached().toString())
                .update();
    }

    @Override
    public void complete(long id) {
        jdbc.sql("""
                        update replay
                           set state = 'COMPLETED', finished_at = clock_timestamp(), processed = total, reached = target,
                               events_per_second = cast(total
                                   / greatest(extract(epoch from clock_timestamp() - started_at), 0.001) as bigint)
                         where id = ?
                        """ + UNDER_WAY).param(id).update();
    }

    @Override
    public boolean fail(long id, String error) {
        return jdbc.sql("update replay set state = 'FAILED', finished_at = clock_timestamp(), error = ? where id = ?"
                                + " and reset_at is null" + UNDER_WAY)
                        .params(error, id)
                        .update()
                == 1;
    }

    private static Replay replay(ResultSet row, int number) throws SQLException {
        Position target = position(row, "target");
        Position reached = position(row, "reached");
        return new Replay(
                row.getLong("id"),
                row.getString("projection"),
                ReplayMode.valueOf(row.getString("mode")),
                ReplayState.valueOf(row.getString("state")),
                row.getString("started_by"),
                instant(row, "started_at"),
                instant(row, "reset_at"),
                instant(row, "finished_at"),
                target,
                row.getObject("total", Long.class),
                reached == null ? Position.START : reached,
                instant(row, "reached_at"),
                row.getLong("processed"),
                row.getObject("events_per_second", Long.class),
                row.getString("error"));
    }

    private static @Nullable Position position(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Position.parse(text);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
