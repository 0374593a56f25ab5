package dev.eventshop.command.republication;

import dev.eventshop.messaging.publishing.ChannelPublisher;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.common.AxonThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Carries out the republications that nobody does, those included that another instance, or the one before, has begun. */
public final class RepublicationRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RepublicationRunner.class);

    /** Above the publisher's bound on waiting for confirms. */
    private static final long SECONDS_TO_STOP = 15;

    private final Republications republications;
    private final Function<Republication, RepublicationRun> runs;
    private final ChannelPublisher publisher;
    private final String carrier;
    private final RepublicationProperties properties;
    private final Map<Long, Running> running = new ConcurrentHashMap<>();
    private volatile @Nullable ScheduledExecutorService executor;
    private boolean failed;

    RepublicationRunner(
            Republications republications,
            Function<Republication, RepublicationRun> runs,
            ChannelPublisher publisher,
            String carrier,
            RepublicationProperties properties) {
        this.republications = republications;
        this.runs = runs;
        this.publisher = publisher;
        this.carrier = carrier;
        this.properties = properties;
    }

    /** Looks now for what was added. */
    public void wakeUp() {
        ScheduledExecutorService current = executor;
        if (current != null) {
            try {
                current.execute(this::look);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("not looked for: it stops", stopping);
            }
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("republications"));
        started.scheduleWithFixedDelay(this::look, 0, properties.lookInterval().toMillis(), TimeUnit.MILLISECONDS);
        executor = started;
    }

    /** Returns when the batches that are under way are confirmed or given up, and the leases are given back. */
    @Override
    public void stop() {
        ScheduledExecutorService stopped = executor;
        executor = null;
        if (stopped == null) {
            return;
        }
        stopped.shutdown();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_STOP);
        try {
            stopped.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS);
            running.values().forEach(one -> one.run().stop());
            for (Running one : running.values()) {
                one.thread().join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            publisher.close();
        }
    }

    @Override
    public boolean isRunning() {
        return executor != null;
    }

    /** Between the servers of requests, which stop before it, and the connections that it uses. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void look() {
        try {
            for (Republication republication : republications.waiting()) {
                carryOut(republication);
            }
            failed = false;
        } catch (RuntimeException e) {
            if (!failed) { // once, not every second
                LOG.warn("Republications can't be looked after at the moment.", e);
            }
            failed = true;
        } catch (Error e) { // the timer would not come back
            LOG.error("Republications can't be looked after at the moment.", e);
            failed = true;
        }
    }

    private void carryOut(Republication waiting) {
        long id = waiting.id();
        if (running.containsKey(id)
                || !republications.lease(id, carrier, properties.lease(), properties.maxConcurrent())) {
            return;
        }
        Republication leased = republications.find(id).orElseThrow(); // the last carrier may have come further
        RepublicationRun run = runs.apply(leased);
        Thread thread = new Thread(
                () -> {
                    try {
                        run.run();
                    } finally {
                        running.remove(id);
                        wakeUp(); // another may be queued
                    }
                },
                "republication-" + id);
        thread.setDaemon(true);
        running.put(id, new Running(run, thread));
        LOG.info(
                "Republication {} to {}: {} of {} events sent so far.",
                id,
                leased.order().queue(),
                leased.processed(),
                leased.total());
        try {
            thread.start();
        } catch (Throwable e) { // no thread is to be had; when the lease has ended, it is looked for again
            running.remove(id);
            throw e;
        }
    }

    private record Running(RepublicationRun run, Thread thread) {}
}
