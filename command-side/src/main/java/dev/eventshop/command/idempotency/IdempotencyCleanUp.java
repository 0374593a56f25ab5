package dev.eventshop.command.idempotency;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Forgets calls that are too long ago, so many in one short transaction. Several instances may do so at a time. */
final class IdempotencyCleanUp implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyCleanUp.class);

    private static final int BATCH = 1_000;

    private final IdempotencyKeys keys;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService worker;

    IdempotencyCleanUp(IdempotencyKeys keys, Duration interval) {
        this.keys = keys;
        this.interval = interval;
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("idempotency-clean-up"));
        started.scheduleWithFixedDelay(this::cleanUp, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        worker = started;
    }

    private void cleanUp() {
        try {
            int removed;
            do {
                removed = keys.removeOld(BATCH);
            } while (removed == BATCH && isRunning());
        } catch (RuntimeException e) {
            LOG.warn("Old idempotency keys stay for now: {}", e.toString());
        } catch (Error e) { // the timer would not come back
            LOG.error("Old idempotency keys stay for now", e);
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopping = worker;
        worker = null;
        if (stopping != null) {
            stopping.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }
}
