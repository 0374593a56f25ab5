package dev.eventshop.eventstore;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.jspecify.annotations.Nullable;

/**
 * The tail from a position on, read page by page by the thread that consumes it. Asks the database only at the
 * beginning, after a full page, and when the {@link TailMonitor} has seen something new that it does not have in memory any
 * more. Used by one thread at a time;
 * callbacks come on the monitor's thread.
 */
final class TailEventStream implements TrackingEventStream {

    /** How long a reader waits for a monitor before it looks whether that still runs. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final EventLog events;
    private final StoredEventMessages messages;
    private final TailMonitor monitor;
    private final int pageSize;

    private Position read;
    private boolean moreToRead = true;
    private Iterator<TrackedEventMessage<?>> page = Collections.emptyIterator();
    private @Nullable TrackedEventMessage<?> next;
    private @Nullable Throwable failure;
    private @Nullable AutoCloseable callback;
    private volatile boolean closed;

    TailEventStream(EventLog events, StoredEventMessages messages, TailMonitor monitor, int pageSize, Position from) {
        this.events = events;
        this.messages = messages;
        this.monitor = monitor;
        this.pageSize = pageSize;
        this.read = from;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        return advance() ? Optional.ofNullable(next) : Optional.empty();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        while (!advance()) {
            long remaining = deadline - System.nanoTime();
            if (remaining <= 0 || closed) {
                return false;
            }
            awaitMore(Math.min(remaining, PATIENCE.toNanos()));
        }
        return true;
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        while (!advance()) {
            awaitMore(PATIENCE.toNanos());
        }
        TrackedEventMessage<?> result = next;
        if (result == null) {
            throw new IllegalStateException("the stream is closed");
        }
        next = null;
        return result;
    }

    private void awaitMore(long nanos) throws InterruptedException {
        monitor.awaitBeyond(read, Duration.ofNanos(nanos));
    }

    /** Where no monitor runs, only the database knows. */
    private boolean mayHaveMore() {
        return moreToRead || monitor.head().isAfter(read) || !monitor.isRunning();
    }

    /**
     * @return whether {@link #next} is there; reads pages until it is, or until there are none
     * @throws ErrorOccurredException also for an error: processors would not survive that
     */
    private boolean advance() {
        if (closed) {
            throw new IllegalStateException("the stream is closed");
        }
        if (failure != null) {
            throw new IllegalStateException("the stream has failed before; another one is to be opened", failure);
        }
        try {
            return readOn();
        } catch (Error e) {
            throw new ErrorOccurredException(e);
        }
    }

    private boolean readOn() {
        takeNext();
        while (next == null && mayHaveMore()) {
            if (!readPage()) {
                return false;
            }
            takeNext();
        }
        return next != null;
    }

    private void takeNext() {
        try {
            if (next == null && page.hasNext()) {
                next = page.next();
            }
        } catch (RuntimeException | Error e) {
            failure = e; // the iterator has gone beyond the event that failed, and would skip it
            throw e;
        }
    }

    /** @return whether there was something */
    private boolean readPage() {
        List<StoredEvent> rows = nextRows();
        page = messages.messages(rows).iterator();
        moreToRead = rows.size() == pageSize;
        if (rows.isEmpty()) {
            return false;
        }
        read = rows.get(rows.size() - 1).position();
        return true;
    }

    private List<StoredEvent> nextRows() {
        List<StoredEvent> inMemory = monitor.isRunning() ? monitor.recent(read, pageSize) : List.of();
        return inMemory.isEmpty() ? events.readTail(read, pageSize) : inMemory;
    }

    /** Calls at once when something is there already, and then whenever the tail has grown. */
    @Override
    public boolean setOnAvailableCallback(@Nullable Runnable newCallback) {
        stopCallback();
        if (newCallback != null) {
            callback = monitor.onAdvance(newCallback);
            if (next != null || page.hasNext() || mayHaveMore()) {
                newCallback.run();
            }
        }
        return true;
    }

    private void stopCallback() {
        AutoCloseable registered = callback;
        callback = null;
        if (registered != null) {
            try {
                registered.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        stopCallback();
    }
}
