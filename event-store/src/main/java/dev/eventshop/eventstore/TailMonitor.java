package dev.eventshop.eventstore;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Watches the end of the tail for everybody in this JVM: one thread that asks the store for what is new, at the normal
 * interval, and at once after a commit in this JVM. The newest events stay in memory, so that the readers that are close
 * to the end do not have to ask for them again, each for itself. While the database can't be reached it asks less and
 * less often, up to every few seconds, and goes on by itself.
 */
public final class TailMonitor implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TailMonitor.class);

    /**
     * What was appended is often not visible at once: other transactions, begun earlier, may still be running. The last
     * one is repeated until the normal interval is over.
     */
    private static final long[] STEPS = {
        TimeUnit.MILLISECONDS.toNanos(1),
        TimeUnit.MILLISECONDS.toNanos(2),
        TimeUnit.MILLISECONDS.toNanos(5),
        TimeUnit.MILLISECONDS.toNanos(10)
    };

    /** Bounds the number of queries when commits come in quick succession. */
    private static final long SHORTEST_PAUSE = TimeUnit.MICROSECONDS.toNanos(500);

    /** Whoever is further behind than that reads for itself. */
    private static final int PAGE = 500;

    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(3);

    private final EventLog events;
    private final long interval;
    private final List<Runnable> callbacks = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final Condition wakeUp = lock.newCondition();

    private final RecentEvents recent = new RecentEvents(Position.START);
    private boolean begun;

    private volatile Position head = Position.START;
    private volatile @Nullable Thread thread;
    private boolean woken;
    private Position expected = Position.START;

    /** @param interval how often the store is asked when nothing is appended in this JVM */
    public TailMonitor(EventLog events, Duration interval) {
        this.events = events;
        this.interval = interval.toNanos();
    }

    /** @return the last position below the horizon, as it was seen last */
    public Position head() {
        return head;
    }

    /**
     * @return the events below the horizon that follow the position, at most {@code limit}, from memory; empty when they
     *     are not there
     */
    List<StoredEvent> recent(Position after, int limit) {
        return recent.after(after, limit);
    }

    /** Says that something was committed in this JVM. Returns at once. */
    public void appended() {
        wake(Position.START);
    }

    /** Says that events up to there were committed in this JVM. Returns at once. */
    public void appended(Position last) {
        wake(last);
    }

    private void wake(Position last) {
        lock.lock();
        try {
            woken = true;
            if (last.isAfter(expected)) {
                expected = last;
            }
            wakeUp.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param callback called on the monitor's thread each time after the head has moved; must not block
     * @return ends the calls
     */
    public AutoCloseable onAdvance(Runnable callback) {
        Runnable unique = callback::run;
        callbacks.add(unique);
        return () -> callbacks.remove(unique);
    }

    /** @return true as soon as the head is beyond that position, false when the time is over before */
    public boolean awaitBeyond(Position seen, Duration timeout) throws InterruptedException {
        long remaining = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (!head.isAfter(seen)) {
                if (remaining <= 0) {
                    return false;
                }
                remaining = advanced.awaitNanos(remaining);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (thread == null) {
                Thread started = new Thread(this::run, "event-store-tail");
                started.setDaemon(true);
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
        if (stopped != null && stopped != Thread.currentThread()) {
            try {
                stopped.join(TimeUnit.SECONDS.toMillis(2));
                stopped.interrupt();
            } catch (InterruptedException e) {
                stopped.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Before everything that reads streams, and after it when stopping. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }

    private void run() {
        Pace pace = new Pace(interval);
        boolean failed = false;
        while (Thread.currentThread() == thread) {
            try {
                boolean moved = poll();
                if (failed) {
                    log.info("The event store answers again.");
                    failed = false;
                }
                pause(pace, moved);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) { // without this thread, readers would stand still
                if (Thread.currentThread() != thread) {
                    return;
                }
                if (!failed) {
                    log.warn("The event store does not answer; readers wait until it does.", e);
                    failed = true;
                }
                if (!pauseAfterFailure(pace)) {
                    return;
                }
            }
        }
    }

    private boolean poll() {
        Position now = readOn();
        if (!now.isAfter(head)) {
            return false;
        }
        lock.lock();
        try {
            head = now;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
        for (Runnable callback : callbacks) {
            try {
                callback.run();
            } catch (RuntimeException | Error e) {
                log.warn("A reader of the event store failed to take notice of new events.", e);
            }
        }
        return true;
    }

    /** @return the end of the tail */
    private Position readOn() {
        if (begun) {
            List<StoredEvent> following = events.readTail(head, PAGE);
            if (following.size() < PAGE) {
                recent.add(following);
                return following.isEmpty()
                        ? head
                        : following.get(following.size() - 1).position();
            }
        }
        Position end = events.head();
        recent.skipTo(end);
        begun = true;
        return end;
    }

    private void pause(Pace pace, boolean moved) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (woken) {
                woken = false;
                pace.hurry();
                wakeUp.awaitNanos(SHORTEST_PAUSE);
                return;
            }
            if (moved && !expected.isAfter(head)) {
                pace.relax();
            }
            long remaining = pace.next();
            while (remaining > 0 && !woken && Thread.currentThread() == thread) {
                remaining = wakeUp.awaitNanos(remaining);
            }
            if (woken) {
                woken = false;
                pace.hurry();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean pauseAfterFailure(Pace pace) {
        lock.lock();
        try {
            long remaining = pace.afterFailure();
            while (remaining > 0 && Thread.currentThread() == thread) {
                remaining = wakeUp.awaitNanos(remaining);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** How long to wait until the next query; used by the monitor's thread only. */
    private static final class Pace {

        private final long interval;
        private int step = STEPS.length;
        private long hurried;
        private long failurePause;

        Pace(long interval) {
            this.interval = interval;
        }

        void hurry() {
            step = 0;
            hurried = 0;
            failurePause = 0;
        }

        void relax() {
            step = STEPS.length;
        }

        long next() {
            failurePause = 0;
            if (step >= STEPS.length || hurried >= interval) {
                return interval;
            }
            long pause = Math.min(STEPS[step], interval);
            hurried += pause;
            if (step < STEPS.length - 1) {
                step++;
            }
            return pause;
        }

        long afterFailure() {
            failurePause = Math.min(LONGEST_PAUSE, Math.max(interval, failurePause * 2));
            return failurePause;
        }
    }
}
