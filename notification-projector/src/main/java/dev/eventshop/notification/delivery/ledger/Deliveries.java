package dev.eventshop.notification.delivery.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The ledger as the delivery workers see it. Every method is a short transaction of its own; none is open while anybody
 * talks to a mail server. Several instances share the work: a row belongs to whoever has claimed it, until the lease
 * ends.
 */
public interface Deliveries {

    /**
     * Claims due rows, oldest first, and skips those that others are claiming at the moment. Emails to people whose key was
     * destroyed are suppressed.
     */
    List<Notification> claim(UUID claim, int limit, Duration lease);

    /** Lengthens the leases of these claims from now on. */
    void renew(Collection<UUID> claims, Duration lease);

    /**
     * Writes down that the mail server is about to be talked to, and the words. From here on, only an answer that is
     * written down can tell whether the email was sent. One statement, which waits for an erasure that is being committed.
     *
     * @return false when the claim is lost, or the person was erased; the email must not be sent then
     */
    boolean handOver(UUID claim, Notification notification, MailContent content);

    /** The mail server accepted it. Also after the lease has ended meanwhile, as long as nobody else has taken it over. */
    void sent(UUID claim, long id);

    /**
     * It was handed over and surely not accepted; tried again after {@code pause}, or given up when its time is over, and
     * suppressed when the person was erased meanwhile. For how long it was handed over later than it was due is added to
     * its time: the mail server was away, or nobody was there to send it.
     */
    void retryLater(UUID claim, Notification notification, Failure failure, Duration pause);

    /** It was surely not accepted and never will be. */
    void failed(UUID claim, Notification notification, Failure failure);

    /** The mail server may have accepted it or not. */
    void uncertain(UUID claim, Notification notification, Failure failure);

    /** Gives back what was claimed and not handed over. */
    void giveBack(UUID claim);

    /**
     * Looks at waiting emails again: those to these users and about these orders.
     *
     * @return how many are due or suppressed now
     */
    int release(Collection<Integer> users, Collection<Integer> orders);

    /** Looks at all waiting emails again. */
    int releaseAll();

    /** Gives up emails that have waited too long for their user or order. */
    int expireWaiting();

    /**
     * Takes over rows whose lease has ended: those not handed over are due again, the others are uncertain.
     *
     * @return how many became uncertain
     */
    int recover();

    /** Counts the emails that are not sent, for the metrics. */
    void count();

    /**
     * Sends a failed or uncertain email again, with all its time before it.
     *
     * @return false when it is neither
     */
    boolean retry(long id);

    /** @return the row, empty when there is none */
    Optional<Notification> find(long id);

    /** @return what was handed to the mail server last, empty when nothing was, or it was erased */
    Optional<MailContent> content(long id);
}
