package dev.eventshop.query.replay;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events per second, of late. */
final class Rate {

    /** Share of the last measurement, in percent. */
    private static final int FRESH = 30;

    private Rate() {}

    /** @param more events since the replay was looked at last */
    static long after(Replay replay, long more, Instant now) {
        Instant last = replay.reachedAt();
        long nanos = last == null ? 1 : Duration.between(last, now).toNanos();
        return smoothed(replay.eventsPerSecond(), more, nanos);
    }

    /** @param before null when nothing was measured */
    static long smoothed(@Nullable Long before, long more, long nanos) {
        long fresh = (long) (more * 1e9 / Math.max(1_000_000, nanos));
        return before == null ? fresh : (before * (100 - FRESH) + fresh * FRESH) / 100;
    }
}
