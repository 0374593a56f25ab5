package dev.eventshop.query.replay;

import dev.eventshop.eventstore.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Replays in PostgreSQL; times are the database's. */
final class JdbcReplays implements Replays {

    private static final String UNDER_WAY = " and state = 'RUNNING'";

    /** As long as it has not ended, a pause of the projection is its own. */
    private static final String PROJECTION_IN_PLACE =
            "(select projection from replay where id = ? and mode = 'IN_PLACE'" + UNDER_WAY + ")";

    /** Side by side, and readers see the old slot. */
    private static final String UNDECIDED = "state in ('RUNNING', 'SWITCHING') and switched_at is null";

    /** As the index has it. */
    private static final String TO_BE_CLEARED = "mode = 'SIDE_BY_SIDE' and state in ('CANCELLED', 'FAILED')"
            + " and reset_at is not null and cleared_at is null";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final ToIntFunction<String> versions;
    private volatile Runnable requested = () -> {};

    /** @param versions of this instance's code, by the names of the projections */
    JdbcReplays(JdbcClient jdbc, TransactionOperations transactions, ToIntFunction<String> versions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.versions = versions;
    }

    @Override
    public Optional<Long> request(String projection, ReplayMode mode, @Nullable Position from, String startedBy) {
        Optional<Long> id = transactions.execute(status -> {
            // whoever tries again what was set apart holds this, and leaves it alone while there is a replay; so does
            // whoever empties the idle slot
            jdbc.sql("select name from projection where name = ? for no key update")
                    .param(projection)
                    .query(String.class)
                    .optional();
            return jdbc.sql("""
                            insert into replay
                                (projection, mode, from_position, state, requested_at, started_by, version)
                            values (?, ?, ?, 'QUEUED', clock_timestamp(), ?, ?)
                            on conflict (projection) where state in ('QUEUED', 'RUNNING', 'SWITCHING') do nothing
                            returning id
                            """)
                    .params(Arrays.asList(
                            projection,
                            mode.name(),
                            from == null ? null : from.toString(),
                            startedBy,
                            versions.applyAsInt(projection)))
                    .query(Long.class)
                    .optional();
        });
        if (id.isPresent()) {
            requested.run();
        }
        return id;
    }

    @Override
    public void onRequest(Runnable wakeUp) {
        requested = wakeUp;
    }

    @Override
    public Optional<Replay> find(long id) {
        return jdbc.sql("select * from replay where id = ?")
                .param(id)
                .query(JdbcReplays::replay)
                .optional();
    }

    @Override
    public boolean mayBringTo(String projection, int version, Duration pause) {
        return jdbc.sql("""
                        select case state when 'CANCELLED' then false
                                          when 'FAILED' then finished_at < clock_timestamp() - cast(? as interval)
                                          else true
                               end
                          from replay where projection = ? and mode = 'SIDE_BY_SIDE' and version >= ?
                         order by id desc limit 1
                        """)
                .params(interval(pause), projection, version)
                .query(Boolean.class)
                .optional()
                .orElse(true);
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
    public boolean begin(long id, Position start, Position target, long total, int maxRunning) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            // one at a time: or two instances could each let one too many begin
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('replay', 0))")
                    .query()
                    .singleRow();
            return jdbc.sql("""
                                    update replay
                                       set state = 'RUNNING', started_at = clock_timestamp(), reached = ?, target = ?,
                                           total = ?
                                     where id = ? and state = 'QUEUED'
                                       and (select count(*) from replay where state in ('RUNNING', 'SWITCHING')) < ?
                                    """)
                            .params(start.toString(), target.toString(), total, id, maxRunning)
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
        jdbc.sql("update replay set reset_at = clock_timestamp(), reached_at = clock_timestamp() where id = ?")
                .param(id)
                .update();
    }

    @Override
    public boolean holdPaused(long id) {
        return jdbc.sql("select name from projection where paused and name = " + PROJECTION_IN_PLACE + " for share")
                .param(id)
                .query(String.class)
                .optional()
                .isPresent();
    }

    @Override
    public void resume(long id) {
        jdbc.sql("update projection set paused = false where paused and name = " + PROJECTION_IN_PLACE)
                .param(id)
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
                        with completed as (
                            update replay
                               set state = 'COMPLETED', finished_at = clock_timestamp(), processed = total,
                                   reached = target,
                                   events_per_second = cast(total
                                       / greatest(extract(epoch from clock_timestamp() - started_at), 0.001) as bigint)
                             where id = ? and (state = 'RUNNING' or switched_at is not null and state = 'SWITCHING')
                            returning projection)
                        update dead_sequence set next_attempt_at = clock_timestamp()
                         where projection in (select projection from completed)
                        """).param(id).update();
    }

    @Override
    public boolean fail(long id, String error) {
        return isFailed(id, error, " and reset_at is null");
    }

    @Override
    public boolean abandon(long id, String error) {
        return isFailed(id, error, "");
    }

    private boolean isFailed(long id, String error, String condition) {
        return jdbc.sql("update replay set state = 'FAILED', finished_at = clock_timestamp(), error = ? where id = ?"
                                + condition + UNDER_WAY)
                        .params(error, id)
                        .update()
                == 1;
    }

    @Override
    public boolean hasBegunBefore(long id, Duration ago) {
        return jdbc.sql("select exists (select from replay"
                        + " where id = ? and started_at <= clock_timestamp() - cast(? as interval))")
                .params(id, interval(ago))
                .query(Boolean.class)
                .single();
    }

    @Override
    public boolean lease(long id, String builder, int version, Duration time) {
        return jdbc.sql("update replay set builder = ?, builder_until = clock_timestamp() + cast(? as interval)"
                                + " where id = ? and state in ('RUNNING', 'SWITCHING')"
                                + " and (version <= ? or switched_at is not null)"
                                + " and (builder is null or builder = ? or builder_until < clock_timestamp())")
                        .params(builder, interval(time), id, version, builder)
                        .update()
                == 1;
    }

    @Override
    public void beginBuild(long id, int version, Position target, long total) {
        jdbc.sql("""
                        update replay
                           set reset_at = clock_timestamp(), reached_at = clock_timestamp(), reached = ?, processed = 0,
                               version = ?, target = ?, total = ?, state = 'RUNNING', switching_at = null
                         where id = ?
                        """)
                .params(Position.START.toString(), version, target.toString(), total, id)
                .update();
    }

    @Override
    public void standBack(long id) {
        jdbc.sql("""
                        with left_alone as (
                            update replay set state = 'RUNNING', switching_at = null
                             where id = ? and state = 'SWITCHING' and switched_at is null
                               and (builder is null or builder_until < clock_timestamp())
                            returning projection)
                        update projection set paused = false where name in (select projection from left_alone)
                        """).param(id).update();
    }

    @Override
    public void release(long id, String builder) {
        jdbc.sql("update replay set builder = null, builder_until = null where id = ? and builder = ?")
                .params(id, builder)
                .update();
    }

    @Override
    public boolean hold(long id, String builder) {
        return isBuilder(id, builder, UNDECIDED, "share");
    }

    @Override
    public boolean lockForBuild(long id, String builder) {
        return isBuilder(id, builder, UNDECIDED, "no key update");
    }

    @Override
    public boolean lockForEnd(long id, String builder) {
        return isBuilder(id, builder, "state = 'SWITCHING' and switched_at is not null", "no key update");
    }

    private boolean isBuilder(long id, String builder, String condition, String lock) {
        return jdbc.sql("select id from replay where id = ? and builder = ? and " + condition + " for " + lock)
                .params(id, builder)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    @Override
    public boolean built(
            long id, String builder, Position reached, long processed, long eventsPerSecond, Duration time) {
        return jdbc.sql("""
                                update replay
                                   set reached = ?, reached_at = clock_timestamp(), processed = least(total, ?),
                                       events_per_second = ?, builder_until = clock_timestamp() + cast(? as interval)
                                 where id = ? and builder = ? and\s""" + UNDECIDED)
                        .params(reached.toString(), processed, eventsPerSecond, interval(time), id, builder)
                        .update()
                == 1;
    }

    @Override
    public void switching(long id, String builder) {
        jdbc.sql("update replay set state = 'SWITCHING', switching_at = clock_timestamp() where id = ? and builder = ?"
                        + UNDER_WAY)
                .params(id, builder)
                .update();
    }

    @Override
    public Duration leftForSwitch(long id, Duration most) {
        Long millis = jdbc.sql("""
                        update replay set switching_at = coalesce(switching_at, clock_timestamp()) where id = ?
                        returning cast(1000 * extract(epoch from switching_at + cast(? as interval) - clock_timestamp())
                                       as bigint)
                        """).params(id, interval(most)).query(Long.class).single();
        return Duration.ofMillis(millis);
    }

    @Override
    public void switched(long id) {
        jdbc.sql("update replay set switched_at = clock_timestamp() where id = ?")
                .param(id)
                .update();
    }

    @Override
    public boolean failBuild(long id, String builder, String error) {
        return jdbc.sql("update replay set state = 'FAILED', finished_at = clock_timestamp(), error = ?"
                                + " where id = ? and builder = ? and " + UNDECIDED)
                        .params(error, id, builder)
                        .update()
                == 1;
    }

    @Override
    public List<String> toBeCleared() {
        return jdbc.sql("select distinct projection from replay where " + TO_BE_CLEARED)
                .query(String.class)
                .list();
    }

    @Override
    public boolean isBuilt(String projection) {
        return jdbc.sql("select exists (select from replay where projection = ? and mode = 'SIDE_BY_SIDE'"
                        + " and state in ('QUEUED', 'RUNNING', 'SWITCHING'))")
                .param(projection)
                .query(Boolean.class)
                .single();
    }

    @Override
    public void cleared(String projection) {
        jdbc.sql("update replay set cleared_at = clock_timestamp() where projection = ? and " + TO_BE_CLEARED)
                .param(projection)
                .update();
    }

    @Override
    public boolean cancel(long id) {
        return Boolean.TRUE.equals(transactions.execute(status -> jdbc.sql("""
                        update replay set state = 'CANCELLED', finished_at = clock_timestamp()
                         where id = ? and (state = 'QUEUED'
                                or mode = 'IN_PLACE' and state = 'RUNNING' and reset_at is null
                                or mode = 'SIDE_BY_SIDE' and\s""" + UNDECIDED + ") returning projection")
                .param(id)
                .query(String.class)
                .optional()
                .map(projection -> jdbc.sql("update projection set paused = false where name = ?")
                                .param(projection)
                                .update()
                        == 1)
                .orElse(false)));
    }

    @Override
    public boolean throttle(long id, @Nullable Integer ratePerSecond) {
        return jdbc.sql("update replay set rate_per_second = ? where id = ? and mode = 'SIDE_BY_SIDE'"
                                + " and state in ('QUEUED', 'RUNNING', 'SWITCHING')")
                        .params(Arrays.asList(ratePerSecond, id))
                        .update()
                == 1;
    }

    private static String interval(Duration time) {
        return time.toMillis() + " milliseconds";
    }

    private static Replay replay(ResultSet row, int number) throws SQLException {
        Position target = position(row, "target");
        Position reached = position(row, "reached");
        return new Replay(
                row.getLong("id"),
                row.getString("projection"),
                ReplayMode.valueOf(row.getString("mode")),
                position(row, "from_position"),
                ReplayState.valueOf(row.getString("state")),
                row.getString("started_by"),
                instant(row, "started_at"),
                instant(row, "reset_at"),
                instant(row, "switched_at"),
                instant(row, "finished_at"),
                target,
                row.getObject("total", Long.class),
                reached == null ? Position.START : reached,
                instant(row, "reached_at"),
                row.getLong("processed"),
                row.getObject("events_per_second", Long.class),
                row.getObject("rate_per_second", Integer.class),
                row.getInt("version"),
                row.getString("error"),
                row.getLong("revision"));
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
