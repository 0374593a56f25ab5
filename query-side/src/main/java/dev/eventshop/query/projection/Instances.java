package dev.eventshop.query.projection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;

/** The instances of the query side that share one database, by what each of them writes down every few seconds. */
final class Instances {

    /** Code that says nothing of its version is from before there was another one. */
    private static final String NOT_OLDER = "coalesce(cast(versions ->> name as integer), version) >= version";

    private final JdbcOperations jdbc;
    private final String id;
    private final String timeout;
    private final String versions;
    private volatile Map<String, Integer> sharing = Map.of();

    /** @param versions of this instance's code, by the names of the projections */
    Instances(JdbcOperations jdbc, String id, Duration timeout, Map<String, Integer> versions) {
        this.jdbc = jdbc;
        this.id = id;
        this.timeout = timeout.toMillis() + " milliseconds";
        this.versions = versions.entrySet().stream()
                .map(version -> "\"" + version.getKey() + "\": " + version.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Says that this instance is alive, and counts the others. */
    void beat() {
        jdbc.update(
                "insert into instance as i (id, seen_at, versions) values (?, clock_timestamp(), cast(? as jsonb))"
                        + " on conflict (id) do update set seen_at = excluded.seen_at",
                id,
                versions);
        jdbc.update("delete from instance where seen_at < clock_timestamp() - 6 * cast(? as interval)", timeout);
        count();
    }

    /** Counts who shares the work: those whose code is not older than that which has filled the live slot. */
    void count() {
        Map<String, Integer> counts = new HashMap<>();
        jdbc.query(
                "select name, count(*) from projection, instance where seen_at > clock_timestamp() - cast(? as interval)"
                        + " and " + NOT_OLDER + " group by name",
                row -> {
                    counts.put(row.getString(1), row.getInt(2));
                },
                timeout);
        sharing = Map.copyOf(counts);
    }

    /** @return whether one is alive whose code is not older than that which has filled the live slot, by the database */
    boolean isShared(String projection) {
        return jdbc.queryForObject(
                "select exists (select from projection, instance where name = ?"
                        + " and seen_at > clock_timestamp() - cast(? as interval) and " + NOT_OLDER + ")",
                Boolean.class,
                projection,
                timeout);
    }

    /** Says that this instance is going. */
    void leave() {
        jdbc.update("delete from instance where id = ?", id);
    }

    /** @return how many shared the work when they were counted last, at least 1 */
    int sharing(String projection) {
        return sharing.getOrDefault(projection, 1);
    }
}
