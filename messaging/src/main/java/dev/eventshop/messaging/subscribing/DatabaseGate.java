package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.inbox.Inbox;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where all subscriptions wait for a database that is away. Says so once, however many wait. */
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

    /** @return true when the database takes rows, false when the application ends before that */
    boolean awaitDatabase(Throwable reason) {
        if (away.compareAndSet(false, true)) {
            LOG.warn("The database is away, and messages wait for it: {}", reason.toString());
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
            LOG.debug("The database is still away", e);
            return false;
        }
        if (away.compareAndSet(true, false)) {
            LOG.info("The database is back");
        }
        return true;
    }

    /** Nobody waits any more. */
    void close() {
        closed.countDown();
    }
}
