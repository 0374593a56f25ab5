package dev.eventshop.notification.delivery;

import dev.eventshop.notification.delivery.ledger.Deliveries;
import dev.eventshop.notification.delivery.ledger.Failure;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Does nothing more from the moment that an answer is to be written down, like a process that was killed then. */
record DyingBeforeSent(Deliveries real, CountDownLatch reached) implements Deliveries {

    private void die() {
        reached.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("gone", e);
        }
    }

    @Override
    public List<Notification> claim(UUID claim, int limit, Duration lease) {
        return real.claim(claim, limit, lease);
    }

    @Override
    public void renew(Collection<UUID> claims, Duration lease) {
        real.renew(claims, lease);
    }

    @Override
    public boolean handOver(UUID claim, Notification notification, MailContent content) {
        return real.handOver(claim, notification, content);
    }

    @Override
    public void sent(UUID claim, long id) {
        die();
    }

    @Override
    public void retryLater(UUID claim, Notification notification, Failure failure, Duration pause) {
        die();
    }

    @Override
    public void failed(UUID claim, Notification notification, Failure failure) {
        die();
    }

    @Override
    public void uncertain(UUID claim, Notification notification, Failure failure) {
        die();
    }

    @Override
    public void giveBack(UUID claim) {
        // dead
    }

    @Override
    public int release(Collection<Integer> users, Collection<Integer> orders) {
        return 0;
    }

    @Override
    public int releaseAll() {
        return 0;
    }

    @Override
    public int expireWaiting() {
        return 0;
    }

    @Override
    public int recover() {
        return 0;
    }

    @Override
    public void count() {
        // dead
    }

    @Override
    public boolean retry(long id) {
        return false;
    }

    @Override
    public Optional<Notification> find(long id) {
        return real.find(id);
    }

    @Override
    public Optional<MailContent> content(long id) {
        return real.content(id);
    }
}
