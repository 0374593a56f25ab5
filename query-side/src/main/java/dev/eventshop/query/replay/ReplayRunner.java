package dev.eventshop.query.replay;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final SideBySideReplay sideBySide;
    private final IdleSlots idleSlots;
    private final Projections projections;
    private final ProjectionFlags flags;
    private final EventLog events;
    private final QueryProperties.Replays properties;
    private volatile @Nullable ScheduledExecutorService executor;
    private boolean failed;
    private final Set<String> comparedVersions = new HashSet<>();

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

    private void run() {
        boolean success = true;
        try {
            idleSlots.clear();
            rebuildWhatIsOfAnOlderVersion();
            List<Replay> active = replays.active();
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
        } catch (RuntimeException e) {
            report(e);
            success = false;
        }
        failed = !success;
    }

    /** One that can't get on must not hold up the others. */
    private boolean step(Replay replay) {
        try {
            if (replay.state() == ReplayState.QUEUED) {
                begin(replay);
            } else if (replay.mode() == ReplayMode.IN_PLACE) {
                inPlace.step(replay);
            } else {
                sideBySide.step(replay);
            }
            return true;
        } catch (RuntimeException e) {
            report(e);
            return false;
        }
    }

    private void begin(Replay replay) {
        Set<String> aggregateTypes =
                projections.named(replay.projection()).orElseThrow().aggregateTypes();
        Position target = events.head();
        Position from = replay.from();
        Position start = from == null ? Position.START : events.beforeHistories(from, target, aggregateTypes);
        long total = replay.mode() == ReplayMode.IN_PLACE
                ? events.countBetween(start, target)
                : events.countBetween(start, target, aggregateTypes);
        if (replays.begin(replay.id(), start, target, total, properties.maxConcurrent())) {
            log.info("Replay {} of {} begins: {} events.", replay.id(), replay.projection(), total);
        }
    }

    /** Once for each projection; one that has another replay is asked for when that has ended. */
    private void rebuildWhatIsOfAnOlderVersion() {
        for (Projection projection : projections.all()) {
            String name = projection.name();
            if (comparedVersions.contains(name)) {
                continue;
            }
            boolean done = flags.liveVersion(name) >= projection.version();
            if (!done) {
                Optional<Long> asked =
                        replays.request(name, ReplayMode.SIDE_BY_SIDE, null, "version " + projection.version());
                asked.ifPresent(id -> log.info("Replay {} brings {} to version {}.", id, name, projection.version()));
                done = asked.isPresent();
            }
            if (done) {
                comparedVersions.add(name);
            }
        }
    }

    private void report(RuntimeException failure) {
        if (!failed) { // once, not several times a second
            log.warn("The replays can't be looked after at the moment.", failure);
        }
    }
}
