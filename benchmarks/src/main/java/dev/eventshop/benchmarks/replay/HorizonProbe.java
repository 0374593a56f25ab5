package dev.eventshop.benchmarks.replay;

import dev.eventshop.benchmarks.shop.MeasuredShop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * For how long what is committed can't be read from the tail. Every few milliseconds it notes the next transaction id;
 * all that is committed by then is readable as soon as no older transaction is open. It writes nothing itself.
 */
final class HorizonProbe implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 3;
    private static final long WORTH_A_LOOK = TimeUnit.MILLISECONDS.toNanos(50);

    private final JdbcTemplate jdbc;
    private final Deque<Noted> waiting = new ArrayDeque<>();
    private final Map<String, Long> longestByHolder = new TreeMap<>();
    private final Thread thread = new Thread(this::probe, "horizon-probe");
    private volatile boolean stopped;
    private long longest;
    private long over100;
    private long count;

    HorizonProbe(MeasuredShop shop) {
        this.jdbc = shop.jdbc();
        thread.start();
    }

    private void probe() {
        while (!stopped) {
            long now = System.nanoTime();
            long[] snapshot = jdbc.queryForObject(
                    "select pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
                            + " from pg_current_snapshot() as s",
                    (row, number) -> new long[] {row.getLong(1), row.getLong(2)});
            while (!waiting.isEmpty() && waiting.peek().next() <= snapshot[0]) {
                add(System.nanoTime() - waiting.remove().at());
            }
            if (waiting.isEmpty() || waiting.peekLast().next() != snapshot[1]) {
                waiting.add(new Noted(now, snapshot[1]));
            }
            Noted oldest = waiting.peek();
            if (oldest != null && oldest.next() > snapshot[0] && now - oldest.at() > WORTH_A_LOOK) {
                blame(now - oldest.at());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void add(long nanos) {
        longest = Math.max(longest, nanos);
        count++;
        if (nanos > TimeUnit.MILLISECONDS.toNanos(100)) {
            over100++;
        }
    }

    private void blame(long nanos) {
        jdbc.query(
                "select coalesce(usename, backend_type) || ', ' || coalesce(wait_event, 'running') || ': ' || left(query, 40)"
                        + " from pg_stat_activity where backend_xid is not null"
                        + " order by age(backend_xid) desc limit 1",
                row -> {
                    longestByHolder.merge(row.getString(1), nanos / 1_000_000, Math::max);
                });
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return as fields of JSON, after {@link #close} */
    @Override
    public String toString() {
        return "\"holdbacks\": %d, \"longestMillis\": %d, \"over100Millis\": %d, \"holdersOver50Millis\": \"%s\""
                .formatted(count, longest / 1_000_000, over100, longestByHolder);
    }

    private record Noted(long at, long next) {}
}
