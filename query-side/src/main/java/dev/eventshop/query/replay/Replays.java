package dev.eventshop.query.replay;

import dev.eventshop.eventstore.Position;
import java.util.List;
import java.util.Optional;

/**
 * The replays, as they are written down: what an instance has begun another can go on with. Each change is made only if
 * nobody else has made it meanwhile.
 */
interface Replays {

    /** @return the new one's id; empty when that projection has one that has not ended */
    Optional<Long> request(String projection, ReplayMode mode, String startedBy);

    Optional<Replay> find(long id);

    /** @return newest first, those with smaller ids than {@code before} */
    List<Replay> list(long before, int limit);

    /** @return those that have not ended, oldest first */
    List<Replay> active();

    /**
     * Lets a queued one begin.
     *
     * @return false when it has begun already, or too many are running
     */
    boolean begin(long id, Position target, long total, int maxRunning);

    /** @return whether the view is still to be emptied; nobody else can do it until the caller's transaction ends */
    boolean lockForReset(long id);

    /** Says that the view is empty. */
    void resetDone(long id);

    /** Says how far it has come since it was read. */
    void progress(Replay asRead, Position reached, long processed, long eventsPerSecond);

    void complete(long id);

    /** @return false when it was not under way any more, or its view emptied already */
    boolean fail(long id, String error);
}
