package dev.eventshop.query.replay;

import dev.eventshop.eventstore.Position;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it is written down.
 *
 * @param from            behind which the events are whose aggregates are made anew; null for all there are
 * @param startedBy       who asked for it
 * @param startedAt       null while it is queued
 * @param resetAt         from when on the tables to be filled were empty, or, with {@code from}, the processors back
 *                        before what is made anew; null before
 * @param switchedAt      from when on readers see the slot that was filled beside the live one; null before
 * @param target          the head of the store when it started: when that is applied it is complete
 * @param total           events to be read up to the target; null while it is queued
 * @param reached         position that all segments have passed, when it was looked at last; where they begin, before
 * @param processed       events that were read up to that
 * @param eventsPerSecond lately; null when unknown
 * @param ratePerSecond   most events per second; null for no bound
 * @param version         of the projection's code, which whoever builds it must have at least; while the slot is being
 *                        filled, that of the code that fills it
 * @param error           why it failed
 * @param revision        grows with each change
 */
record Replay(
        long id,
        String projection,
        ReplayMode mode,
        @Nullable Position from,
        ReplayState state,
        String startedBy,
        @Nullable Instant startedAt,
        @Nullable Instant resetAt,
        @Nullable Instant switchedAt,
        @Nullable Instant finishedAt,
        @Nullable Position target,
        @Nullable Long total,
        Position reached,
        @Nullable Instant reachedAt,
        long processed,
        @Nullable Long eventsPerSecond,
        @Nullable Integer ratePerSecond,
        int version,
        @Nullable String error,
        long revision) {}
