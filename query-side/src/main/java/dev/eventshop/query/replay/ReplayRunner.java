package dev.eventshop.query.replay;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks after the replays that have not ended, those included that another instance, or the one before, has begun. */
final class ReplayRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReplayRunner.class);

    private final Replays replays;
    private final InPlaceReplay inPlace;
    private final Duration interval;
    private volatile @Nullable ScheduledExecutorService executor;
    private boolean failed;

    ReplayRunner(Replays replays, InPlaceReplay inPlace, Duration interval) {
        this.replays = replays;
        this.inPlace = inPlace;
        this.interval = interval;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("replays"));
        started.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        executor = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopped = executor;
        executor = null;
        if (stopped != null) {
            stopped.shutdown();
            try {
                stopped.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return executor != null;
    }

    /** Before the web server, and after it when stopping; before the processors stop. */
    @Override
    public int getPhase() {
        return 1;
    }

    private void run() {
        boolean success = true;
        try {
            for (Replay replay : replays.active()) {
                success &= step(replay);
            }
        } catch (RuntimeException e) {
            report(e);
            success = false;
        }
        failed = !success;
    }

    /** One that can't get on must not hold up the others. */
    private boolean step(Replay replay) {
        try {
            if (replay.mode() == ReplayMode.IN_PLACE) {
                inPlace.step(replay);
            }
            return true;
        } catch (RuntimeException e) {
            report(e);
            return false;
        }
    }

    private void report(RuntimeException failure) {
        if (!failed) { // once, not several times a second
            log.warn("The replays can't be looked after at the moment.", failure);
        }
    }
}
