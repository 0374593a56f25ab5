package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.inbox.Inbox;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where subscriptions wait for what is away: the database, or something else that a handler needs. */
final class DatabaseGate {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseGate.class);

    private final Inbox inbox;
    private final Backoff backoff;
    private final AtomicBoolean away = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    DatabaseGate(Inbox inbox, Backoff backoff) {
        this.inbox = inbox;
        this.backoff = backoff;
    }

    /**
     * Waits for something besides the database, which nobody here can ask.
     *
     * @param times how often it was away, from 1
     * @return true when it may be tried again, false when the application ends before that
     */
    boolean pause(Throwable reason, int times) {
        Duration pause = backoff.after(times);
        LOG.warn("Messages wait for {} ms, since something is away: {}", pause.toMillis(), Quoted.error(reason));
        try {
            return !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Says so once, however many wait.
     *
     * @return true when the database takes rows, false when the application ends before that
     */
    boolean awaitDatabase(Throwable reason) {
        if (away.compareAndSet(false, true)) {
            LOG.warn("The database is away or held up, and messages wait for it: {}", reason.toString());
        }
        try {
            for (int failures = 1; ; failures++) {
                if (closed.await(backoff.after(failures).toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
                if (answers()) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean answers() {
        try {
            inbox.probe();
        } catch (RuntimeException e) {
            LOG.debug("The database still takes no rows", e);
            return false;
        }
        if (away.compareAndSet(true, false)) {
            LOG.info("The database takes rows");
        }
        return true;
    }

    /** Nobody waits any more. */
    void close() {
        closed.countDown();
    }
}
