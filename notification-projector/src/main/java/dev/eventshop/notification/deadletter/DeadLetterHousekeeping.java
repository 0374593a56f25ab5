package dev.eventshop.notification.deadletter;

import dev.eventshop.personaldata.erasure.ErasureList;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Counts dead letters, removes those that are too old, and what a backup has brought back of erased persons. */
@Component
final class DeadLetterHousekeeping implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHousekeeping.class);

    private final JdbcDeadLetters letters;
    private final ErasureList erasures;
    private final DeadLetterProperties properties;
    private final MultiGauge stored;
    private @Nullable ScheduledExecutorService timer;

    DeadLetterHousekeeping(
            JdbcDeadLetters letters, ErasureList erasures, DeadLetterProperties properties, MeterRegistry meters) {
        this.letters = letters;
        this.erasures = erasures;
        this.properties = properties;
        this.stored = MultiGauge.builder("eventshop.messaging.dead.letters")
                .description("Dead letters that wait for an operator (parked), or to be sent back (retrying)")
                .register(meters);
    }

    @Override
    public synchronized void start() {
        erasures.all().stream()
                .map(erasure -> erasure.at())
                .max(Comparator.naturalOrder())
                .ifPresent(letters::eraseUnnamed);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "dead-letter-housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        long interval = properties.countInterval().toMillis();
        scheduler.scheduleWithFixedDelay(this::sweep, 0, interval, TimeUnit.MILLISECONDS);
        timer = scheduler;
    }

    private void sweep() {
        try {
            int removed = letters.removeOld();
            if (removed > 0) {
                LOG.warn(
                        "{} dead letters were removed: nobody has sent them back within {}",
                        removed,
                        properties.retention());
            }
            letters.forgetRetried();
            stored.register(
                    letters.counts().entrySet().stream()
                            .map(count -> MultiGauge.Row.of(
                                    Tags.of(
                                            "queue",
                                            count.getKey().queue(),
                                            "state",
                                            count.getKey().state().toLowerCase(Locale.ROOT)),
                                    count.getValue()))
                            .toList(),
                    true);
        } catch (RuntimeException e) {
            LOG.warn("Dead letters can't be counted, tried again: {}", e.toString());
        } catch (Error e) { // the timer would not come back
            LOG.error("Dead letters can't be counted, tried again", e);
        }
    }

    @Override
    public synchronized void stop() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }
}
