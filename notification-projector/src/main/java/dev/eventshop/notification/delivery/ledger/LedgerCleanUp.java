package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.messaging.MessagingProperties;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Removes emails whose time is over from the ledger, oldest first; not those that may still be sent. Several
 * instances may do so.
 */
@Component
final class LedgerCleanUp implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerCleanUp.class);

    private static final int BATCH = 1_000;

    /** Numbers ascend with the moments of recording, so the oldest are found without an index of those. */
    private static final String REMOVE = """
            DELETE FROM notification WHERE notification_id IN (
                SELECT notification_id FROM notification
                WHERE status NOT IN ('PENDING', 'WAITING_FOR_RECIPIENT', 'SENDING')
                ORDER BY notification_id LIMIT :batch)
            AND status NOT IN ('PENDING', 'WAITING_FOR_RECIPIENT', 'SENDING')
            AND created_at < now() - CAST(:retention AS interval)""";

    private final JdbcClient jdbc;
    private final Duration retention;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService worker;

    @Autowired
    LedgerCleanUp(JdbcClient jdbc, LedgerProperties properties, MessagingProperties messaging) {
        this(jdbc, properties.longerThan(messaging.inboxRetention()));
    }

    LedgerCleanUp(JdbcClient jdbc, LedgerProperties properties) {
        this.jdbc = jdbc;
        this.retention = properties.retention();
        this.interval = properties.cleanUpInterval();
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "ledger-clean-up");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(this::cleanUp, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        worker = started;
    }

    private void cleanUp() {
        try {
            int removed;
            do {
                removed = removeOld(BATCH);
            } while (removed == BATCH && isRunning());
        } catch (RuntimeException e) {
            LOG.warn("Old emails stay in the ledger for now: {}", e.toString());
        } catch (Error e) { // the timer would not come back
            LOG.error("Old emails stay in the ledger for now", e);
        }
    }

    /** @return how many were removed, at most so many */
    int removeOld(int atMost) {
        return jdbc.sql(REMOVE)
                .param("batch", atMost)
                .param("retention", Intervals.sql(retention))
                .update();
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
