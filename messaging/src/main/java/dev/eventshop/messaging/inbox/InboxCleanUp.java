package dev.eventshop.messaging.inbox;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Forgets messages that are so old that nobody sends them again. Several instances may do so at the same time. */
public final class InboxCleanUp implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InboxCleanUp.class);

    private static final int BATCH = 1000;

    private final Inbox inbox;
    private final Duration retention;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService worker;

    public InboxCleanUp(Inbox inbox, Duration retention, Duration interval) {
        this.inbox = inbox;
        this.retention = retention;
        this.interval = interval;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "messaging-inbox-clean-up");
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
                removed = inbox.removeOlderThan(retention, BATCH);
            } while (removed == BATCH && isRunning());
        } catch (RuntimeException e) {
            LOG.warn("Old messages stay in the inbox for now: {}", e.toString());
        } catch (Error e) { // the timer would not come back
            LOG.error("Old messages stay in the inbox for now", e);
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
