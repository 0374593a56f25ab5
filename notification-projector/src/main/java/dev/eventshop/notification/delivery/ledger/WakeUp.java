package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.notification.commit.AfterCommit;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Tells the delivery workers of this JVM that an email may be due, so that they need not wait for their next poll. */
@Component
public final class WakeUp {

    private long rung;

    /** Wakes the workers once the running transaction is committed. */
    public void afterCommit() {
        AfterCommit.run(this::now);
    }

    /** Wakes the workers. */
    public synchronized void now() {
        rung++;
        notifyAll();
    }

    /** @return what {@link #await} compares with; to be read before looking for work */
    public synchronized long seen() {
        return rung;
    }

    /** Returns when somebody has rung since {@code seen}, or after the timeout. */
    public synchronized void await(long seen, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (rung == seen) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
