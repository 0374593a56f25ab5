package dev.eventshop.messaging.subscribing;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops all subscriptions. Starting does not wait for the broker. Stopping lets the messages in work end; the
 * others go back to their queues.
 */
final class Subscriptions implements SmartLifecycle {

    /** Below the web server's, so that consumers stop after the last request; the database ends after all phases. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private final Supplier<RunningSubscriptions> starter;
    private volatile @Nullable RunningSubscriptions running;

    Subscriptions(Supplier<RunningSubscriptions> starter) {
        this.starter = starter;
    }

    @Override
    public void start() {
        running = starter.get();
    }

    @Override
    public void stop() {
        RunningSubscriptions ending = running;
        running = null;
        if (ending == null) {
            return;
        }
        try {
            ending.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
