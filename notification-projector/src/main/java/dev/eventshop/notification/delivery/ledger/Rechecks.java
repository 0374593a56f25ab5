package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.notification.commit.AfterCommit;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Which users and orders may have emails waiting for them, to be looked at again.
 *
 * <p>Both sides ask for it after their commit: who brings a user or an order, and who has left an email waiting for
 * one. Whichever commits last sees the other's rows, so no pair is missed however the two transactions overlap, and no
 * lock is held for it. What a crash loses of these requests, the periodic sweep finds.
 */
@Component
public final class Rechecks {

    private final Set<Integer> users = new HashSet<>();
    private final Set<Integer> orders = new HashSet<>();

    /** Asks for the emails to that user to be looked at once the running transaction is committed. */
    public void afterCommitOfUser(int userId) {
        AfterCommit.run(() -> add(users, userId));
    }

    /** Asks for the emails about that order to be looked at once the running transaction is committed. */
    public void afterCommitOfOrder(int orderId) {
        AfterCommit.run(() -> add(orders, orderId));
    }

    private synchronized void add(Set<Integer> ids, int id) {
        ids.add(id);
        notifyAll();
    }

    /**
     * Takes what has been asked for, and waits for it when there is nothing.
     *
     * @return what to look at, empty after the timeout
     */
    public synchronized Due take(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (users.isEmpty() && orders.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        Due due = new Due(Set.copyOf(users), Set.copyOf(orders));
        users.clear();
        orders.clear();
        return due;
    }

    /** What to look at. */
    public record Due(Set<Integer> users, Set<Integer> orders) {

        public boolean isEmpty() {
            return users.isEmpty() && orders.isEmpty();
        }
    }
}
