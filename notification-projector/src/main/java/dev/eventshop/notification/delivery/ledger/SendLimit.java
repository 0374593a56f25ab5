package dev.eventshop.notification.delivery.ledger;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many emails may be sent in a minute, by all instances together: evenly spaced, so that no minute has more, whenever
 * it begins, and a restart brings none in addition. The clock is the database's. Without a limit, no statement is sent.
 */
public final class SendLimit {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Duration spacing;

    /**
     * @param perMinute most emails in a minute, 0 for no limit
     * @throws IllegalArgumentException when it is negative, or more than one for each millisecond
     */
    public SendLimit(JdbcClient jdbc, int perMinute) {
        if (perMinute < 0 || perMinute > MINUTE.toMillis()) {
            throw new IllegalArgumentException("eventshop.notification.sends-per-minute must be between 0 and 60000");
        }
        this.jdbc = jdbc;
        this.spacing =
                perMinute == 0 ? Duration.ZERO : Duration.ofMillis((MINUTE.toMillis() + perMinute - 1) / perMinute);
    }

    public boolean isSet() {
        return !spacing.isZero();
    }

    /** @return how long until the next email may be sent, zero when one may be sent now */
    public Duration closedFor() {
        if (!isSet()) {
            return Duration.ZERO;
        }
        return Duration.ofMillis(
                jdbc.sql("SELECT greatest(ceil(extract(epoch FROM free_at - now()) * 1000), 0)::bigint FROM send_limit")
                        .query(Long.class)
                        .single());
    }

    /** @return whether one email may be sent now; the next may then not before its time */
    public boolean take() {
        return !isSet()
                || jdbc.sql("UPDATE send_limit SET free_at = now() + :spacing::interval WHERE free_at <= now()")
                                .param("spacing", Intervals.sql(spacing))
                                .update()
                        > 0;
    }
}
