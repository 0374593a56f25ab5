package dev.eventshop.query.replay;

import dev.eventshop.eventstore.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The replays, as they are written down: what an instance has begun another can go on with. Each change is made only if
 * nobody else has made it meanwhile.
 */
interface Replays {

    /**
     * Asks for one, by code of this instance's version or a newer one.
     *
     * @param from null for the whole
     * @return the new one's id; empty when that projection has one that has not ended
     */
    Optional<Long> request(String projection, ReplayMode mode, @Nullable Position from, String startedBy);

    /** Has it called when one was asked for in this instance. */
    void onRequest(Runnable wakeUp);

    Optional<Replay> find(long id);

    /**
     * @param pause after one has failed
     * @return whether the projection may be brought to that version without being asked: not when an operator has cancelled
     *     the last replay that was to do it, and not soon after one has failed
     */
    boolean mayBringTo(String projection, int version, Duration pause);

    /** @return newest first, those with smaller ids than {@code before} */
    List<Replay> list(long before, int limit);

    /** @return those that have not ended, oldest first */
    List<Replay> active();

    /**
     * Lets a queued one begin.
     *
     * @param start where its reading begins
     * @return false when it has begun already, or too many are running
     */
    boolean begin(long id, Position start, Position target, long total, int maxRunning);

    /** @return whether the view is still to be emptied; nobody else can do it until the caller's transaction ends */
    boolean lockForReset(long id);

    /** Says that the tables to be filled are empty, or that the processors are back where its reading begins. */
    void resetDone(long id);

    /** @return whether it is in place and its projection paused; then that stays so until the caller's transaction ends */
    boolean holdPaused(long id);

    /** Ends the pause of its projection, unless somebody has done so and it may be another one's by now. */
    void resume(long id);

    /** Says how far it has come since it was read. */
    void progress(Replay asRead, Position reached, long processed, long eventsPerSecond);

    /** Ends it, and has what was set apart of its projection tried again. */
    void complete(long id);

    /** @return false when it was not under way any more, or its view emptied already */
    boolean fail(long id, String error);

    /** @return false when it was not under way any more; also when its view is emptied already, unlike {@link #fail} */
    boolean abandon(long id, String error);

    /** @return whether it has begun, and longer ago than that */
    boolean hasBegunBefore(long id, Duration ago);

    /**
     * Makes somebody the builder, or lets them stay it for a while. One who has lost this can't write any more, since
     * {@link #hold} tells; who takes it over waits for what the last one is about to commit.
     *
     * @param version of the builder's code
     * @return false when somebody else is it, the replay is not under way any more, or what is to be built is of newer code
     */
    boolean lease(long id, String builder, int version, Duration time);

    /**
     * Says that the builder has emptied the slot, and begins to fill it with what code of that version makes.
     *
     * @param target head of the store when it began
     * @param total  events up to that
     */
    void beginBuild(long id, int version, Position target, long total);

    /** Ends the pause for a switch that nobody works on; who goes on with the replay pauses the projection again. */
    void standBack(long id);

    /** Ends a lease before its time. */
    void release(long id, String builder);

    /**
     * @return whether the builder may write into the idle slot; then nobody else becomes it, and the replay isn't
     *     cancelled, before the caller's transaction ends
     */
    boolean hold(long id, String builder);

    /** As {@link #hold}, for the one who is about to change the replay itself. */
    boolean lockForBuild(long id, String builder);

    /**
     * @return whether the builder, after the switch, may empty the slot that was live before; then nobody else becomes it,
     *     and the replay does not end, before the caller's transaction does
     */
    boolean lockForEnd(long id, String builder);

    /** Says how far the builder has come, and lets them stay it for a while: false as with {@link #lease}. */
    boolean built(long id, String builder, Position reached, long processed, long eventsPerSecond, Duration time);

    /** Says that the slot is nearly complete, and the processors are to let go of the live one. */
    void switching(long id, String builder);

    /**
     * Where an instance of an older release has not said when the switch began, it begins now.
     *
     * @param most how long the switch may take, whoever tries it, and however often
     * @return what is left of that; zero or negative when nothing is
     */
    Duration leftForSwitch(long id, Duration most);

    /** Says that readers see the slot that was filled. */
    void switched(long id);

    /** @return false when it had ended already, or readers see the new slot */
    boolean failBuild(long id, String builder, String error);

    /** @return projections of whose replays side by side some have failed, or were cancelled, and left rows */
    List<String> toBeCleared();

    /** @return whether a replay side by side of the projection has not ended */
    boolean isBuilt(String projection);

    /** Says that nothing is left of those that have failed or were cancelled. */
    void cleared(String projection);

    /**
     * Calls it off, and lets the processors go on.
     *
     * @return false when it has ended, or can't be undone any more
     */
    boolean cancel(long id);

    /**
     * @param ratePerSecond null for no bound
     * @return false when it has ended, or is not side by side
     */
    boolean throttle(long id, @Nullable Integer ratePerSecond);
}
