package dev.eventshop.query.replay;

import dev.eventshop.eventstore.ErrorOccurredException;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.EventPage;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.query.projection.NotApplied;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slot;
import dev.eventshop.query.projection.SlotWriter;
import dev.eventshop.query.projection.Slots;
import dev.eventshop.web.DatabaseFailures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * One instance's work on one replay, side by side.
 *
 * <ol>
 *   <li>The idle slot is emptied, and filled with all events up to the head, by one reader and several writers. Every
 *       transaction makes sure that this instance is still the builder.
 *   <li>The projection is paused; what came meanwhile is applied as well. When all instances have let go of the live slot,
 *       one transaction claims all segments, makes sure that the new slot is not behind any of them, shows it to readers,
 *       hands its position to the processors, and ends the pause.
 *   <li>The old slot is emptied.
 * </ol>
 *
 * <p>Events that were applied already change nothing, so whoever goes on after a crash may begin a little too early.
 */
final class SlotBuild {

    private static final Logger log = LoggerFactory.getLogger(SlotBuild.class);

    /** How long a builder that says nothing stays the builder. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    /** How often it says how far it is. */
    private static final long REPORT = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long SHORT_PAUSE = 20;

    /** While readers see a view that stands still. */
    private static final long SHORTEST_PAUSE = 5;

    private static final int FIRST_BATCH = 500;
    private static final int SMALLEST_BATCH = 50;

    /** Transactions of a writer for each page: what happens to a row within a page is written once. */
    private static final int BATCHES_OF_A_WRITER = 2;

    /** A transaction that writes holds back the tail of the event store: batches grow and shrink to stay between these. */
    private static final long SHORT_WRITE = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LONG_WRITE = TimeUnit.MILLISECONDS.toNanos(40);

    /** What builds have in common. */
    record Parts(
            Replays replays,
            Projections projections,
            ProjectionFlags flags,
            TokenStore tokens,
            EventLog events,
            StoredEventMessages messages,
            JdbcOperations jdbc,
            TransactionOperations transactions,
            Slots slots,
            QueryProperties.Replays properties) {}

    private final Parts parts;
    private final Replays replays;
    private final long id;
    private final String builder;
    private final Projection projection;
    private final boolean keptWaiting;
    private final ExecutorService reader;

    /** As many threads as writers: a single one does what it is given in order. */
    private final ExecutorService workers;

    private final int writers;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;

    private int batch = FIRST_BATCH;
    private Position reached = Position.START;
    private long processed;
    private long reportedProcessed;
    private long reportedAt = System.nanoTime();
    private @Nullable Long rate;
    private @Nullable Integer bound;

    /** Until when the projection may be paused for the switch, by all attempts together; null before that. */
    private volatile @Nullable Long deadline;

    /** @param builder who builds, one of a kind */
    SlotBuild(Parts parts, Replay replay, String builder) {
        this.parts = parts;
        this.replays = parts.replays();
        this.id = replay.id();
        this.builder = builder;
        this.projection = parts.projections().named(replay.projection()).orElseThrow();
        this.keptWaiting = replay.state() == ReplayState.SWITCHING && replay.version() > projection.version();
        this.writers = Math.min(projection.segments(), parts.properties().writers());
        String name = "replay-" + replay.id(); // no pool has a thread before it has work
        this.reader = Executors.newFixedThreadPool(1, new AxonThreadFactory(name + "-reader"));
        this.workers = Executors.newFixedThreadPool(writers, new AxonThreadFactory(name + "-worker"));
    }

    /** @return whether it can be {@link #run} by this instance */
    boolean lease() {
        if (keptWaiting) {
            replays.standBack(id); // those who could go on may not come back
        }
        return replays.lease(id, builder, projection.version(), LEASE);
    }

    void stop() {
        stopped = true;
    }

    void awaitEnd() {
        try {
            if (!ended.await(10, TimeUnit.SECONDS)) {
                log.warn("Replay {} does not stop; another instance will go on with it.", id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there is nothing to be tried again soon */
    boolean run() {
        try {
            build();
            return true;
        } catch (NoLongerBuilder lost) {
            log.info("Replay {} of {} has ended, or goes on elsewhere.", id, projection.name());
            return true;
        } catch (RuntimeException e) {
            if (DatabaseFailures.isUnavailable(e) || ErrorOccurredException.isOfMemory(e)) {
                log.warn("Replay {} of {} can't get on at the moment: {}", id, projection.name(), e.toString());
                return false;
            }
            return isFailed(e);
        } finally {
            end();
        }
    }

    private void end() {
        reader.shutdown();
        workers.shutdown();
        try {
            replays.release(id, builder);
        } catch (DataAccessException e) {
            log.debug("The lease of replay {} will expire", id, e);
        } finally {
            ended.countDown();
            parts.projections().look(); // a pause may be over
        }
    }

    /** @return whether that was written down; not after the switch */
    private boolean isFailed(RuntimeException failure) {
        String error = failure instanceof NotApplied || failure instanceof NotSwitched
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName();
        log.error("Replay {} of {} failed; readers see the view as it was.", id, projection.name(), failure);
        try {
            return Boolean.TRUE.equals(parts.transactions().execute(status -> {
                boolean failed = replays.failBuild(id, builder, error);
                if (failed) {
                    parts.flags().resume(projection.name());
                }
                return failed;
            }));
        } catch (DataAccessException e) {
            log.warn("It can't be written down that replay {} failed; it will be tried again.", id, e);
            return false;
        }
    }

    private void build() {
        Replay replay = replays.find(id).orElseThrow();
        if (replay.switchedAt() == null) {
            Slot slot = parts.flags().liveSlot(projection.name()).other();
            if (replay.resetAt() == null
                    || replay.version() != projection.version()
                    || !parts.events().isKnown(replay.reached())) {
                begin(replay, slot);
                replay = replays.find(id).orElseThrow();
            }
            reached = replay.reached();
            processed = replay.processed();
            reportedProcessed = processed;
            bound = replay.ratePerSecond();
            SlotWriter writer = parts.slots().writer(projection, slot);
            if (replay.state() == ReplayState.RUNNING) {
                fill(writer);
                replays.switching(id, builder);
            }
            switchTo(slot, writer);
            log.info("Readers of {} see slot {} now.", projection.name(), slot);
        }
        emptyIdle();
        replays.complete(id);
        log.info("Replay {} of {} is complete.", id, projection.name());
    }

    /**
     * Also anew: what other code has made of the first events must not be shown as if this had, nor what a store has had
     * that is an older backup of itself by now.
     */
    private void begin(Replay replay, Slot slot) {
        if (replay.state() == ReplayState.SWITCHING) { // the view need not stand still for what comes now
            parts.transactions().executeWithoutResult(status -> {
                lock();
                parts.flags().resume(projection.name());
            });
            parts.projections().look();
        }
        boolean first = replay.resetAt() == null && replay.target() != null && replay.total() != null;
        Extent extent = first ? new Extent(replay.target(), replay.total()) : count();
        tryUntilDone(() -> {
            SlotTables.waitShortly(parts.jdbc());
            lock();
            SlotTables.empty(parts.jdbc(), projection, slot);
            replays.beginBuild(id, projection.version(), extent.head(), extent.events());
        });
    }

    /** Takes longer than the lease lasts where there are many events. */
    private Extent count() {
        Future<Extent> counted = reader.submit(() -> {
            Position head = parts.events().head();
            return new Extent(head, parts.events().countBetween(Position.START, head, projection.aggregateTypes()));
        });
        while (!isDone(counted)) {
            stayBuilder();
        }
        stayBuilder();
        return result(counted);
    }

    /** Waits for it, but not for as long as the lease lasts. */
    private static boolean isDone(Future<?> future) {
        try {
            future.get(LEASE.toMillis() / 5, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoLongerBuilder();
        }
    }

    /** Not when this instance stood still after the switch: the replay may have ended, and the next one fill that slot. */
    private void emptyIdle() {
        tryUntilDone(() -> {
            SlotTables.waitShortly(parts.jdbc());
            if (!replays.lockForEnd(id, builder)) {
                throw new NoLongerBuilder();
            }
            SlotTables.empty(
                    parts.jdbc(),
                    projection,
                    parts.flags().liveSlot(projection.name()).other());
        });
    }

    /** Tries a transaction that may have to wait for readers. */
    private void tryUntilDone(Runnable step) {
        while (true) {
            try {
                parts.transactions().executeWithoutResult(status -> step.run());
                return;
            } catch (DataAccessException e) {
                if (!DatabaseFailures.isUnavailable(e)) {
                    throw e;
                }
                log.debug("Replay {} waits for tables of {}", id, projection.name(), e);
            }
            stayBuilder();
            pause(SHORT_PAUSE);
        }
    }

    private void lock() {
        if (!replays.lockForBuild(id, builder)) {
            throw new NoLongerBuilder();
        }
    }

    private void stayBuilder() {
        if (stopped || !replays.lease(id, builder, projection.version(), LEASE)) {
            throw new NoLongerBuilder();
        }
    }

    /** Applies all that there is, up to the head as it is near the end. */
    private void fill(SlotWriter writer) {
        Future<Page> next = readAfter(reached, writer);
        Page page;
        do {
            checkDeadline();
            page = result(next);
            if (!page.isLast()) {
                next = readAfter(page.end(), writer);
            }
            long began = System.nanoTime();
            apply(page, writer);
            boolean changed = !page.end().equals(reached);
            reached = page.end();
            processed += page.size();
            if (page.isLast() && changed || System.nanoTime() - reportedAt > REPORT) {
                report();
            }
            throttle(page.size(), began);
        } while (!page.isLast());
    }

    private Future<Page> readAfter(Position after, SlotWriter writer) {
        int most = batch * writers * BATCHES_OF_A_WRITER;
        int limit = bound == null ? most : Math.min(most, Math.max(1, bound / 5)); // in steps of 200 ms
        return reader.submit(() -> {
            Position head = parts.events().head();
            Position end = after;
            List<StoredEvent> rows = new ArrayList<>();
            long began = System.nanoTime();
            while (head.isAfter(end) && rows.size() < limit && System.nanoTime() - began < REPORT) {
                EventPage page = parts.events().readPage(end, head, projection.aggregateTypes(), limit - rows.size());
                rows.addAll(page.events());
                end = page.end();
            }
            return new Page(
                    parts.messages().messages(rows).filter(writer::handles).toList(),
                    rows.size(),
                    end,
                    !head.isAfter(end));
        });
    }

    private void apply(Page page, SlotWriter writer) {
        List<Future<Long>> writes = new ArrayList<>();
        for (List<TrackedEventMessage<?>> part : page.split(writers, batch)) {
            writes.add(workers.submit(() -> write(part, writer)));
        }
        long longest = 0;
        @Nullable RuntimeException failure = null;
        for (Future<Long> write : writes) {
            try {
                longest = Math.max(longest, result(write));
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure; // not before the others have ended
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (longest > LONG_WRITE) {
            if (!page.isLast()) {
                pause(TimeUnit.NANOSECONDS.toMillis(Math.min(longest, REPORT))); // others need the machine
            }
            batch = Math.max(SMALLEST_BATCH, (int) (batch * Math.max(0.25, (double) SHORT_WRITE / longest)));
        } else if (longest < SHORT_WRITE && page.size() >= batch) {
            batch = Math.min(parts.properties().batchSize(), batch + batch / 2);
        }
    }

    /** @return nanoseconds for which the transaction had something written */
    private long write(List<TrackedEventMessage<?>> part, SlotWriter writer) {
        boolean switching = deadline != null;
        long[] began = {System.nanoTime()};
        writer.write(part, () -> {
            SlotTables.commitLazily(parts.jdbc());
            if (switching) {
                SlotTables.waitShortly(parts.jdbc()); // the view stands still meanwhile
            }
            began[0] = System.nanoTime();
            if (!replays.hold(id, builder)) {
                throw new NoLongerBuilder();
            }
        });
        return System.nanoTime() - began[0];
    }

    private void report() {
        long now = System.nanoTime();
        rate = Rate.smoothed(rate, processed - reportedProcessed, now - reportedAt);
        if (stopped || !replays.built(id, builder, reached, processed, rate, LEASE)) {
            throw new NoLongerBuilder();
        }
        if (deadline == null) { // else all wait for it
            bound = replays.find(id).map(Replay::ratePerSecond).orElse(null);
        }
        reportedAt = now;
        reportedProcessed = processed;
    }

    /** Waits until as many events may have been applied as there were, by the bound of the replay. */
    private void throttle(int applied, long began) {
        while (bound != null) {
            long atMost = Math.min(applied, bound); // what was read before the bound was set is not made up for
            long left = began + atMost * 1_000_000_000L / bound - System.nanoTime();
            if (left <= 0) {
                return;
            }
            pause(TimeUnit.NANOSECONDS.toMillis(Math.min(left, REPORT)) + 1);
            if (System.nanoTime() - reportedAt > REPORT) {
                report();
            }
        }
    }

    private void checkDeadline() {
        Long until = deadline;
        if (until != null && System.nanoTime() - until > 0) {
            throw new NotSwitched();
        }
    }

    private void switchTo(Slot slot, SlotWriter writer) {
        deadline = System.nanoTime()
                + replays.leftForSwitch(id, parts.properties().pauseTimeout()).toNanos();
        bound = null;
        checkDeadline();
        parts.transactions().executeWithoutResult(status -> {
            lock();
            parts.flags().pause(projection.name());
        });
        parts.projections().look();
        while (true) {
            fill(writer);
            if (isSwitched(slot)) {
                parts.projections().look();
                return;
            }
            if (stopped) {
                throw new NoLongerBuilder();
            }
            checkDeadline();
            pause(SHORTEST_PAUSE);
        }
    }

    private boolean isSwitched(Slot slot) {
        TokenStore tokens = parts.tokens();
        String name = projection.name();
        try {
            return Boolean.TRUE.equals(parts.transactions().execute(status -> {
                SlotTables.waitShortly(parts.jdbc());
                lock();
                SlotTables.holdPositions(parts.jdbc(), name);
                int[] segments = tokens.fetchSegments(name);
                for (int segment : segments) {
                    if (tokens.fetchToken(name, segment) instanceof Position live
                            && live.isAfter(reached)
                            && parts.events().isKnown(live)) { // else of a store from before a restore
                        status.setRollbackOnly(); // an instance has done more before it let go
                        return false;
                    }
                }
                if (!parts.events().isKnown(reached)) {
                    throw new NoLongerBuilder(); // whoever goes on begins anew
                }
                SlotTables.shortly(parts.jdbc(), () -> parts.flags().show(projection, slot));
                for (int segment : segments) {
                    tokens.storeToken(reached, name, segment);
                    tokens.releaseClaim(name, segment);
                }
                replays.switched(id);
                return true;
            }));
        } catch (UnableToClaimTokenException claimed) {
            log.debug("Replay {} waits for {} to be let go", id, name, claimed);
            return false;
        } catch (DataAccessException failure) {
            if (!DatabaseFailures.isUnavailable(failure)) {
                throw failure;
            }
            log.debug("Replay {} waits for a batch or for readers of {}", id, name, failure);
            return false;
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoLongerBuilder();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof NotApplied && cause.getCause() instanceof NoLongerBuilder lost) {
                throw lost;
            }
            throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
        }
    }

    private void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoLongerBuilder();
        }
    }

    /**
     * @param size how many events were read; not how many messages an upcaster has made of them
     * @param end  all of the projection's events up to there are among these and those before
     */
    private record Page(List<TrackedEventMessage<?>> messages, int size, Position end, boolean isLast) {

        /**
         * @param writers that work at the same time
         * @return parts, none of them empty, of about {@code batch} messages: for several writers, the events of an aggregate
         *     are in one of them, in their order; for one, all are in their order
         */
        List<List<TrackedEventMessage<?>>> split(int writers, int batch) {
            if (writers == 1) {
                List<List<TrackedEventMessage<?>>> inOrder = new ArrayList<>();
                for (int from = 0; from < messages.size(); from += batch) {
                    inOrder.add(messages.subList(from, Math.min(messages.size(), from + batch)));
                }
                return inOrder;
            }
            int count = Math.max(writers, (messages.size() + batch - 1) / batch);
            List<List<TrackedEventMessage<?>>> byAggregate = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byAggregate.add(new ArrayList<>(batch));
            }
            for (TrackedEventMessage<?> message : messages) {
                int hash = message instanceof DomainEventMessage<?> event
                        ? event.getAggregateIdentifier().hashCode()
                        : 0;
                byAggregate.get(Math.floorMod(hash, count)).add(message);
            }
            byAggregate.removeIf(List::isEmpty);
            return byAggregate;
        }
    }

    /** @param events of the projection up to the head */
    private record Extent(Position head, long events) {}

    /** Somebody else builds, or nobody has to any more. */
    private static final class NoLongerBuilder extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoLongerBuilder() {
            super(null, null, false, false);
        }
    }

    /** The live slot was not to be had. */
    private static final class NotSwitched extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotSwitched() {
            super("Not all instances let go of the projection, its readers never paused, or too much was written.");
        }
    }
}
