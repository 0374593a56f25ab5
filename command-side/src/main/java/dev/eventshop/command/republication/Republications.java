package dev.eventshop.command.republication;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The republications, as they are written down: what an instance has begun another can go on with. One instance at a time
 * is the carrier of one, by a lease that it renews; times are the database's.
 */
public interface Republications {

    /**
     * Adds one that is to be carried out.
     *
     * @param total        how many events it sends
     * @param beforeCommit part of the transaction
     */
    Republication add(RepublicationOrder order, long total, Consumer<Republication> beforeCommit);

    /** Adds one that was only to be counted, and is complete. */
    Republication addCounted(RepublicationOrder order, long total, Consumer<Republication> beforeCommit);

    Optional<Republication> find(long id);

    /** @return newest first, those with smaller ids than {@code before} */
    List<Republication> list(long before, int limit);

    /** @return those that have not ended and have no carrier whose lease lasts, oldest first */
    List<Republication> waiting();

    /**
     * Makes somebody the carrier, and lets a queued one begin.
     *
     * @return false when somebody else is it, when it has ended, or when it is queued and too many are running
     */
    boolean lease(long id, String carrier, Duration time, int maxRunning);

    /**
     * Says how far the carrier has come, and lets them stay it for a while.
     *
     * @return false when they are not the carrier any more, or it has ended
     */
    boolean confirmed(Republication progress, String carrier, Duration time);

    /** Ends a lease before its time. */
    void release(long id, String carrier);

    /** @return false when they are not the carrier any more, or it has ended */
    boolean complete(long id, String carrier);

    /** As {@link #complete}. */
    boolean fail(long id, String carrier, String error);

    /** @return false when it has ended */
    boolean cancel(long id);
}
