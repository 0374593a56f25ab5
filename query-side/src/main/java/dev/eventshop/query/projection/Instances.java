package dev.eventshop.query.projection;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcOperations;

/** The instances of the query side that share one database, by what each of them writes down every few seconds. */
final class Instances {

    private final JdbcOperations jdbc;
    private final String id;
    private final String timeout;
    private volatile int alive = 1;

    Instances(JdbcOperations jdbc, String id, Duration timeout) {
        this.jdbc = jdbc;
        this.id = id;
        this.timeout = timeout.toMillis() + " milliseconds";
    }

    /** Says that this instance is alive, and counts the others. */
    void beat() {
        jdbc.update(
                "insert into instance as i (id, seen_at) values (?, clock_timestamp())"
                        + " on conflict (id) do update set seen_at = excluded.seen_at",
                id);
        jdbc.update("delete from instance where seen_at < clock_timestamp() - 6 * cast(? as interval)", timeout);
        Integer count = jdbc.queryForObject(
                "select count(*) from instance where seen_at > clock_timestamp() - cast(? as interval)",
                Integer.class,
                timeout);
        alive = count == null ? 1 : Math.max(1, count);
    }

    /** Says that this instance is going. */
    void leave() {
        jdbc.update("delete from instance where id = ?", id);
    }

    /** @return how many were alive at the last beat, this one included */
    int alive() {
        return alive;
    }
}
