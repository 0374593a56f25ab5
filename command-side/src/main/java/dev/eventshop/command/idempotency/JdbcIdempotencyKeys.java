package dev.eventshop.command.idempotency;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Table {@code idempotency_key}: its key decides. Whoever adds a row takes an advisory lock for the rest of the
 * transaction, or goes away: an insert alone would wait for the other transaction, and keep the horizon of the event store
 * back meanwhile.
 */
final class JdbcIdempotencyKeys implements IdempotencyKeys {

    private static final String FIND = """
            select request_hash, status, location, e_tag, position, body from command_side.idempotency_key
            where call_hash = ? and created_at > statement_timestamp() - ?::bigint * interval '1 millisecond'""";

    private static final String ADD = """
            with free as materialized (select pg_try_advisory_xact_lock(?) as yes)
            insert into command_side.idempotency_key as kept
                (call_hash, request_hash, status, location, e_tag, position, body, created_at)
            select ?, ?, ?, ?::text, ?::text, ?::text, ?::text, statement_timestamp() from free where yes
            on conflict (call_hash) do update set
                request_hash = excluded.request_hash, status = excluded.status, location = excluded.location,
                e_tag = excluded.e_tag, position = excluded.position, body = excluded.body,
                created_at = excluded.created_at
            where kept.created_at <= excluded.created_at - ?::bigint * interval '1 millisecond'""";

    private static final String REMOVE = """
            delete from command_side.idempotency_key where call_hash in (
                select call_hash from command_side.idempotency_key
                where created_at <= statement_timestamp() - ?::bigint * interval '1 millisecond'
                order by created_at limit ? for update skip locked)""";

    private final JdbcTemplate jdbc;
    private final long retentionMillis;

    JdbcIdempotencyKeys(JdbcTemplate jdbc, Duration retention) {
        this.jdbc = jdbc;
        this.retentionMillis = retention.toMillis();
    }

    @Override
    public Optional<Kept> find(CallKey key) {
        return jdbc
                .query(
                        FIND,
                        (row, number) -> new Kept(
                                HexFormat.of().formatHex(row.getBytes("request_hash")),
                                new KeptAnswer(
                                        row.getInt("status"),
                                        row.getString("location"),
                                        row.getString("e_tag"),
                                        row.getString("position"),
                                        row.getString("body"))),
                        key.callBytes(),
                        retentionMillis)
                .stream()
                .findFirst();
    }

    @Override
    public void add(CallKey key, KeptAnswer answer) {
        int rows = jdbc.update(
                ADD,
                key.lock(),
                key.callBytes(),
                key.requestBytes(),
                answer.status(),
                answer.location(),
                answer.eTag(),
                answer.position(),
                answer.body(),
                retentionMillis);
        if (rows == 0) {
            throw new KeyTaken();
        }
    }

    @Override
    public int removeOld(int limit) {
        return jdbc.update(REMOVE, retentionMillis, limit);
    }
}
