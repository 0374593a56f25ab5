package dev.eventshop.command.order.fulfilment;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Starts the scheduler with the application, and again after a stop: a scheduler that was stopped can't be started. */
final class RunningScheduler implements SmartLifecycle {

    private final Supplier<Scheduler> schedulers;
    private @Nullable Scheduler running;

    RunningScheduler(Supplier<Scheduler> schedulers) {
        this.schedulers = schedulers;
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            Scheduler started = schedulers.get();
            started.start();
            running = started;
        }
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.stop();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    /** Between the servers of requests, which stop before it, and the connections that it uses. */
    @Override
    public int getPhase() {
        return 0;
    }
}
