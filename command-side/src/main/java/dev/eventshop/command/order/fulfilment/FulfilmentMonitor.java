package dev.eventshop.command.order.fulfilment;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.TailLag;
import dev.eventshop.eventstore.TokenStatus;
import java.time.Clock;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tells how far fulfilment has come, over all instances. It asks the database, but not more often than every few
 * seconds.
 */
final class FulfilmentMonitor {

    private static final long KEEP = TimeUnit.SECONDS.toNanos(5);

    /** Failures in a row from which on a task is worth a look: by then it was tried for some seconds. */
    private static final int STUCK_AFTER = 3;

    private final PostgresTokenStore tokens;
    private final EventLog events;
    private final JdbcTemplate jdbc;
    private final Clock clock;
    private final AtomicReference<@Nullable Measured> measured = new AtomicReference<>();

    FulfilmentMonitor(PostgresTokenStore tokens, EventLog events, JdbcTemplate jdbc, Clock clock) {
        this.tokens = tokens;
        this.events = events;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Status status() {
        long now = System.nanoTime();
        Measured last = measured.get();
        if (last == null || now - last.at() > KEEP) {
            last = new Measured(now, measure());
            measured.set(last);
        }
        return last.status();
    }

    private Status measure() {
        TailLag lag = tokens.status(OrderFulfilment.GROUP).stream()
                .map(TokenStatus::position)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(slowest -> TailLag.behind(slowest, events, clock))
                .orElse(new TailLag(Position.START, 0, 0)); // the processor has never run
        Status status = jdbc.queryForObject(
                "select (select count(*) from command_side.saga), count(*),"
                        + " count(*) filter (where consecutive_failures >= ?) from command_side."
                        + ScheduledTasks.TABLE,
                (row, number) -> new Status(lag, row.getLong(1), row.getLong(2), row.getLong(3)),
                STUCK_AFTER);
        return Objects.requireNonNull(status);
    }

    /**
     * @param lag     of the slowest segment
     * @param open    sagas, one for each order that was placed and is neither shipped nor cancelled
     * @param waiting deadlines that have not come, and steps that are to be taken again
     * @param stuck   those of them that keep failing
     */
    record Status(TailLag lag, long open, long waiting, long stuck) {}

    private record Measured(long at, Status status) {}
}
