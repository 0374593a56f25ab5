package dev.eventshop.query.projection;

import dev.eventshop.eventstore.TokenStatus;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * This instance's share in all projections. One thread looks at the flags in the database several times a second, stops
 * what is paused and starts what is not; what it can't do while the database is away it does afterwards.
 */
public final class Projections implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Projections.class);

    private final Map<String, ProjectionProcessor> processors = new LinkedHashMap<>();
    private final ProjectionFlags flags;
    private final Instances instances;
    private final Function<String, List<TokenStatus>> stored;
    private final QueryProperties properties;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wakeUp = lock.newCondition();
    private boolean told;
    private volatile @Nullable Thread thread;
    private volatile Map<String, ProjectionFlags.Flags> lastFlags = Map.of();

    Projections(
            Collection<ProjectionProcessor> processors,
            ProjectionFlags flags,
            Instances instances,
            Function<String, List<TokenStatus>> stored,
            QueryProperties properties) {
        processors.forEach(
                processor -> this.processors.put(processor.projection().name(), processor));
        this.flags = flags;
        this.instances = instances;
        this.stored = stored;
        this.properties = properties;
    }

    /** @return the projections in a stable order */
    public List<Projection> all() {
        return processors.values().stream().map(ProjectionProcessor::projection).toList();
    }

    public Optional<Projection> named(String name) {
        return Optional.ofNullable(processors.get(name)).map(ProjectionProcessor::projection);
    }

    /** @return what keeps a projection from getting on in this instance; empty when nothing does */
    public Optional<String> error(String name) {
        ProjectionProcessor processor = processor(name);
        ProjectionFlags.Flags last = lastFlags.get(name);
        if (last != null && isOutdated(processor, last)) {
            return Optional.of("readers see version " + last.version() + " of it, which a newer release has made; this"
                    + " instance has version " + processor.projection().version() + ", and leaves it alone");
        }
        return processor.failures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(failure -> failure.getValue().error())
                .findFirst();
    }

    /** It would write rows of an older kind among those that are there. */
    private static boolean isOutdated(ProjectionProcessor processor, ProjectionFlags.Flags flags) {
        return flags.version() > processor.projection().version();
    }

    /**
     * As the database has it now.
     *
     * @return whether readers see what a newer release has made: then this instance must leave the view alone
     */
    public boolean isOutdated(Projection projection) {
        return flags.liveVersion(projection.name()) > projection.version();
    }

    /** @return whether this instance, or another one that is alive, can apply events to the view that readers see */
    public boolean isServed(Projection projection) {
        return !isOutdated(projection) || instances.isShared(projection.name());
    }

    ProjectionProcessor processor(String name) {
        ProjectionProcessor processor = processors.get(name);
        if (processor == null) {
            throw new IllegalArgumentException("there is no projection " + name);
        }
        return processor;
    }

    /** @return as it was seen last */
    boolean isPaused(String name) {
        ProjectionFlags.Flags last = lastFlags.get(name);
        return last != null && last.paused();
    }

    /** Looks at the flags at once; when it is looking at the moment, once more. Returns before it has. */
    public void look() {
        lock.lock();
        try {
            told = true;
            wakeUp.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (thread == null) {
                Thread started = new Thread(this::run, "projections");
                thread = started;
                started.start();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        Thread stopped;
        lock.lock();
        try {
            stopped = thread;
            thread = null;
            wakeUp.signal();
        } finally {
            lock.unlock();
        }
        if (stopped != null) {
            try {
                stopped.join(TimeUnit.SECONDS.toMillis(60));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Before the web server, and after it when stopping. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void run() {
        long nextBeat = System.nanoTime();
        boolean failed = false;
        while (Thread.currentThread() == thread) {
            try {
                if (System.nanoTime() - nextBeat >= 0) {
                    nextBeat =
                            System.nanoTime() + properties.heartbeatInterval().toNanos();
                    instances.beat();
                    forgetWhatWasDoneElsewhere();
                }
                Map<String, ProjectionFlags.Flags> current = flags.read();
                if (!versions(current).equals(versions(lastFlags))) {
                    instances.count(); // before the processors take their shares
                }
                obey(current);
                failed = false;
            } catch (RuntimeException e) {
                if (!failed) {
                    log.warn("The projections can't be looked after at the moment: {}", e.toString());
                    log.debug("Cause", e);
                }
                failed = true;
            } catch (Error e) { // without this thread, nobody looks after them
                log.error("The projections can't be looked after at the moment.", e);
                failed = true;
            }
            pause(failed);
        }
        processors.values().parallelStream().forEach(ProjectionProcessor::stop);
        try {
            instances.leave();
        } catch (RuntimeException e) {
            log.info("The others will have to find out that this instance is gone: {}", e.toString());
        }
    }

    private static Map<String, Integer> versions(Map<String, ProjectionFlags.Flags> flags) {
        return flags.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, flag -> flag.getValue().version()));
    }

    private void obey(Map<String, ProjectionFlags.Flags> current) {
        processors.forEach((name, processor) -> {
            ProjectionFlags.Flags wanted = current.get(name);
            if (wanted == null
                    || wanted.paused()
                    || isOutdated(processor, wanted)
                    || processor.isOlderThan(wanted.resets())) {
                processor.stop();
            } else if (!processor.isRunning()) {
                processor.start(wanted.liveSlot(), wanted.resets());
            }
        });
        lastFlags = Map.copyOf(current);
    }

    /** A segment that failed here may have been taken over by an instance that gets on with it. */
    private void forgetWhatWasDoneElsewhere() {
        processors.forEach((name, processor) -> processor.failures().forEach((segment, failure) -> {
            if (failure.at() != null) {
                boolean passed = stored.apply(name).stream()
                        .anyMatch(token ->
                                token.segment() == segment && token.position().compareTo(failure.at()) >= 0);
                if (passed) {
                    processor.forget(segment, failure);
                }
            }
        }));
    }

    private void pause(boolean failed) {
        lock.lock();
        try {
            long nanos = properties.flagInterval().toNanos();
            if (failed) {
                nanos = Math.max(nanos, TimeUnit.SECONDS.toNanos(1));
            }
            while (Thread.currentThread() == thread && !told && nanos > 0) {
                nanos = wakeUp.awaitNanos(nanos);
            }
            told = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread = null;
        } finally {
            lock.unlock();
        }
    }
}
