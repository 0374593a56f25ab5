package dev.eventshop.access.audit;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Takes addresses out of the audit, and later entries as a whole, when their time is over, once an hour. Several instances
 * may do so.
 */
final class AuditCleanUp implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AuditCleanUp.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final AuditLog log;
    private final Duration keepAddresses;
    private final Duration keep;
    private volatile @Nullable ScheduledExecutorService worker;

    AuditCleanUp(AuditLog log, Duration keepAddresses, Duration keep) {
        this.log = log;
        this.keepAddresses = keepAddresses;
        this.keep = keep;
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("audit-clean-up-"));
        started.scheduleWithFixedDelay(this::cleanUp, 0, INTERVAL.toMinutes(), TimeUnit.MINUTES);
        worker = started;
    }

    private void cleanUp() {
        try {
            long forgotten = log.forgetAddresses(keepAddresses);
            if (forgotten > 0) {
                LOG.info("{} addresses were taken out of the audit.", forgotten);
            }
            long removed = removeOld();
            if (removed > 0) {
                LOG.info("{} entries of the audit were removed, which are older than {}.", removed, keep);
            }
        } catch (RuntimeException e) {
            LOG.warn("Old addresses and entries stay in the audit for now: {}", e.toString());
        } catch (Error e) { // the timer would not come back
            LOG.error("Old addresses and entries stay in the audit for now.", e);
        }
    }

    private long removeOld() {
        long all = 0;
        long removed;
        do {
            removed = log.forget(keep, BATCH);
            all += removed;
        } while (removed == BATCH && isRunning());
        return all;
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
