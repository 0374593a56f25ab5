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

/** Takes addresses out of the audit when their time is over, once an hour. Several instances may do so. */
final class ForgottenAddresses implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ForgottenAddresses.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final AuditLog log;
    private final Duration keep;
    private volatile @Nullable ScheduledExecutorService worker;

    ForgottenAddresses(AuditLog log, Duration keep) {
        this.log = log;
        this.keep = keep;
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("audit-addresses-"));
        started.scheduleWithFixedDelay(this::forget, 0, INTERVAL.toMinutes(), TimeUnit.MINUTES);
        worker = started;
    }

    private void forget() {
        try {
            long forgotten = log.forgetAddresses(keep);
            if (forgotten > 0) {
                LOG.info("{} addresses were taken out of the audit.", forgotten);
            }
        } catch (RuntimeException e) {
            LOG.warn("Old addresses stay in the audit for now: {}", e.toString());
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
