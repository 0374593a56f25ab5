package dev.eventshop.eventstore;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * For how long the tail has been held back. A role that may not see when somebody else's transaction began counts from
 * the moment at which this class saw it first.
 */
public final class HorizonAge {

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLog events;
    private final LongSupplier nanoTime;

    private @Nullable HorizonHolder holder;
    private long firstSeen;
    private long askedAt;
    private boolean asked;

    public HorizonAge(EventLog events) {
        this(events, System::nanoTime);
    }

    HorizonAge(EventLog events, LongSupplier nanoTime) {
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /** @return age of the oldest writing transaction of the cluster, zero when there is none; a second old at most */
    public synchronized Duration current() {
        refresh();
        if (holder == null) {
            return Duration.ZERO;
        }
        Duration known = holder.age();
        return known != null
                ? known.plusNanos(nanoTime.getAsLong() - askedAt)
                : Duration.ofNanos(nanoTime.getAsLong() - firstSeen);
    }

    /** @return {@code application_name} of the session that runs it; empty when there is none */
    public synchronized Optional<String> applicationName() {
        refresh();
        return Optional.ofNullable(holder).map(HorizonHolder::applicationName);
    }

    private void refresh() {
        long now = nanoTime.getAsLong();
        if (asked && now - askedAt < KEPT_NANOS) {
            return;
        }
        HorizonHolder before = holder;
        holder = events.horizonHolder().orElse(null);
        askedAt = now;
        asked = true;
        if (holder != null && (before == null || before.transactionId() != holder.transactionId())) {
            firstSeen = now;
        }
    }
}
