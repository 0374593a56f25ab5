package dev.eventshop.notification.delivery;

import dev.eventshop.notification.delivery.ledger.Deliveries;
import dev.eventshop.notification.delivery.ledger.Rechecks;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets waiting emails go when their user or order is there: at once when somebody asks for it, and for all of them now
 * and then. Besides, gives up those that wait too long, and takes over what a dead process had claimed.
 */
@Component
final class Housekeeping implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Deliveries deliveries;
    private final Rechecks rechecks;
    private final DeliveryWorkers workers;
    private final DeliveryProperties properties;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable Thread releaser;
    private volatile boolean running;

    Housekeeping(Deliveries deliveries, Rechecks rechecks, DeliveryWorkers workers, DeliveryProperties properties) {
        this.deliveries = deliveries;
        this.rechecks = rechecks;
        this.workers = workers;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        Thread thread = new Thread(this::releaseOnDemand, "mail-release");
        thread.setDaemon(true);
        thread.start();
        releaser = thread;
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread housekeeper = new Thread(task, "mail-housekeeping");
            housekeeper.setDaemon(true);
            return housekeeper;
        });
        timer = scheduler;
        long lease = properties.lease().toMillis();
        every(scheduler, lease / 3, lease / 3, "renew leases", workers::renewLeases);
        every(scheduler, 0, properties.sweepInterval().toMillis(), "sweep", this::sweep);
    }

    private static void every(ScheduledExecutorService scheduler, long delay, long period, String what, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("Can't {}, tried again: {}", what, e.getMessage());
                LOG.debug("cause", e);
            } catch (Error e) { // the timer would not come back
                LOG.error("Can't {}, tried again", what, e);
            }
        };
        scheduler.scheduleWithFixedDelay(guarded, delay, Math.max(1, period), TimeUnit.MILLISECONDS);
    }

    /** What a crash or a failure has left behind. */
    void sweep() {
        int uncertain = deliveries.recover();
        if (uncertain > 0) {
            LOG.warn(
                    "{} emails are uncertain: handed over by a process that has not written down the answer",
                    uncertain);
        }
        deliveries.releaseAll();
        int expired = deliveries.expireWaiting();
        if (expired > 0) {
            LOG.warn("{} emails were given up: their user or order has not been told of in time", expired);
        }
        deliveries.count();
    }

    private void releaseOnDemand() {
        while (running) {
            Rechecks.Due due;
            try {
                due = rechecks.take(IDLE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (due.isEmpty()) {
                continue;
            }
            try {
                deliveries.release(due.users(), due.orders());
            } catch (RuntimeException e) {
                // The sweep finds them.
                LOG.warn("Waiting emails can't be looked at, tried again: {}", e.getMessage());
                LOG.debug("cause", e);
            } catch (Error e) { // without this thread, only the sweep lets emails go
                LOG.error("Waiting emails can't be looked at, tried again", e);
            }
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
        if (releaser != null) {
            releaser.interrupt();
            releaser = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
