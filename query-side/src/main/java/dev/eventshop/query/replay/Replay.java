package dev.eventshop.query.replay;

import dev.eventshop.eventstore.Position;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it is written down.
 *
 * @param startedBy       who asked for it
 * @param startedAt       null while it is queued
 * @param resetAt         from when on the view was empty and the processor at the beginning; null before
 * @param target          the head of the store when it started: when that is applied it is complete
 * @param total           events up to the target; null while it is queued
 * @param reached         position that all segments have passed, when it was looked at last
 * @param processed       events up to that
 * @param eventsPerSecond lately; null when unknown
 * @param error           why it failed
 */
record Replay(
        long id,
        String projection,
        ReplayMode mode,
        ReplayState state,
        String startedBy,
        @Nullable Instant startedAt,
        @Nullable Instant resetAt,
        @Nullable Instant finishedAt,
        @Nullable Position target,
        @Nullable Long total,
        Position reached,
        @Nullable Instant reachedAt,
        long processed,
        @Nullable Long eventsPerSecond,
        @Nullable String error) {}
