package dev.eventshop.query.replay;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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

    /** After a rebuild to a new version has failed: it may take long, and fail each time. */
    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMinutes(10);

    private final Replays replays;
    private final InPlaceReplay inPlace;
    private final SideBySideReplay sideBySide;
    private final IdleSlots idleSlots;
    private final Projections projections;
    private final ProjectionFlags flags;
    private final EventLog events;
    private final QueryProperties.Replays properties;
    private volatile @Nullable ScheduledExecutorService executor;
    private boolean failed;

    /** Projections whose present version has been asked for since the start. */
    private final Set<String> asked = new HashSet<>();

    ReplayRunner(
            Replays replays,
            InPlaceReplay inPlace,
            SideBySideReplay sideBySide,
            IdleSlots idleSlots,
            Projections projections,
            ProjectionFlags flags,
            EventLog events,
            QueryProperties.Replays properties) {
        this.replays = replays;
        this.inPlace = inPlace;
        this.sideBySide = sideBySide;
        this.idleSlots = idleSlots;
        this.projections = projections;
        this.flags = flags;
        this.events = events;
        this.properties = properties;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("replays"));
        started.scheduleWithFixedDelay(this::run, 0, properties.stepInterval().toMillis(), TimeUnit.MILLISECONDS);
        executor = started;
        replays.onRequest(this::wakeUp);
    }

    /** Looks now for what is to be done. */
    private void wakeUp() {
        ScheduledExecutorService current = executor;
        if (current != null) {
            try {
                current.execute(this::run);
            } catch (RejectedExecutionException stopping) {
                log.debug("not looked for: it stops", stopping);
            }
        }
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
        sideBySide.stop();
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

    /** Catches errors too, since the timer would not come back after one. */
    private void run() {
        boolean success = clearIdleSlots();
        try {
            List<Replay> active = replays.active();
            if (rebuildWhatIsOfAnOlderVersion(active)) {
                active = replays.active();
            }
            long begun = active.stream()
                    .filter(replay -> replay.state() != ReplayState.QUEUED)
                    .count();
            for (Replay replay : active) {
                boolean queued = replay.state() == ReplayState.QUEUED;
                if (queued && begun >= properties.maxConcurrent()) {
                    continue; // it would be counted in vain
                }
                boolean done = step(replay);
                begun += queued && done ? 1 : 0;
                success &= done;
            }
        } catch (RuntimeException | Error e) {
            report(e);
            success = false;
        }
        failed = !success;
    }

    private boolean clearIdleSlots() {
        try {
            idleSlots.clear();
            return true;
        } catch (RuntimeException | Error e) {
            report(e);
            return false;
        }
    }

    /** One that can't get on must not hold up the others. */
    private boolean step(Replay replay) {
        try {
            if (replay.state() != ReplayState.QUEUED) {
                carryOn(replay);
            } else if (begin(replay)) {
                replays.find(replay.id()).ifPresent(this::carryOn);
            }
            return true;
        } catch (RuntimeException | Error e) {
            report(e);
            return false;
        }
    }

    private void carryOn(Replay replay) {
        if (replay.mode() == ReplayMode.IN_PLACE) {
            inPlace.step(replay);
        } else {
            sideBySide.step(replay, this::wakeUp); // another may be queued, or rows are left
        }
    }

    private boolean begin(Replay replay) {
        Set<String> aggregateTypes =
                projections.named(replay.projection()).orElseThrow().aggregateTypes();
        Position target = events.head();
        Position from = replay.from();
        Position start = from == null ? Position.START : events.beforeHistories(from, target, aggregateTypes);
        long total = replay.mode() == ReplayMode.IN_PLACE
                ? events.countBetween(start, target)
                : events.countBetween(start, target, aggregateTypes);
        boolean begun = replays.begin(replay.id(), start, target, total, properties.maxConcurrent());
        if (begun) {
            log.info("Replay {} of {} begins: {} events.", replay.id(), replay.projection(), total);
        }
        return begun;
    }

    /**
     * At the start, and when the version that readers see has turned out to be an older one: of several releases each may
     * have been asked to rebuild.
     *
     * @return whether something was asked for
     */
    private boolean rebuildWhatIsOfAnOlderVersion(List<Replay> active) {
        boolean any = false;
        Map<String, Integer> live = flags.liveVersions();
        for (Projection projection : projections.all()) {
            String name = projection.name();
            int version = projection.version();
            if (live.getOrDefault(name, version) >= version) {
                continue;
            }
            Optional<Replay> underWay = active.stream()
                    .filter(replay -> replay.projection().equals(name))
                    .findFirst();
            if (underWay.isPresent()) {
                if (underWay.get().mode() == ReplayMode.SIDE_BY_SIDE
                        && underWay.get().version() >= version) {
                    asked.add(name); // by another instance
                }
            } else if (!asked.contains(name) || replays.mayBringTo(name, version, BEFORE_ASKING_AGAIN)) {
                Optional<Long> id = replays.request(name, ReplayMode.SIDE_BY_SIDE, null, "version " + version);
                if (id.isPresent()) {
                    log.info("Replay {} brings {} to version {}.", id.get(), name, version);
                    asked.add(name);
                    any = true;
                }
            }
        }
        return any;
    }

    private void report(Throwable failure) {
        if (!failed) { // once, not several times a second
            log.warn("The replays can't be looked after at the moment.", failure);
        }
    }
}
