package dev.eventshop.query.replay;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay as operators see it.
 *
 * @param from             behind which the events are whose aggregates are made anew; null for all there are
 * @param processed        events that are read
 * @param total            events to be read that there were when it started; null while it is queued
 * @param percent          100 when, and only when, it is complete
 * @param eventsPerSecond  lately; when complete, on the whole; null when unknown
 * @param remainingSeconds at that rate; null when unknown
 * @param ratePerSecond    most events per second that it may apply; null for no bound
 * @param startedAt        null while it is queued
 * @param finishedAt       null until it has ended
 * @param error            what keeps it from getting on, or why it failed
 */
record ReplayView(
        @Schema(example = "3") long id,
        @Schema(example = "order-summary") String projection,
        ReplayMode mode,
        @Schema(nullable = true, example = "null") @Nullable String from,
        ReplayState state,
        @Schema(example = "120000") long processed,

        @Schema(nullable = true, example = "480000") @Nullable
        Long total,

        @Schema(example = "25") int percent,
        @Schema(nullable = true, example = "9000") @Nullable Long eventsPerSecond,
        @Schema(nullable = true, example = "40") @Nullable Long remainingSeconds,
        @Schema(nullable = true, example = "null") @Nullable Integer ratePerSecond,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Schema(example = "anonymous") String startedBy,
        @Schema(nullable = true, example = "null") @Nullable String error) {

    /** @param processorError what keeps the projection from getting on, null when nothing does */
    static ReplayView of(Replay replay, @Nullable String processorError) {
        boolean running = replay.state() == ReplayState.RUNNING;
        return new ReplayView(
                replay.id(),
                replay.projection(),
                replay.mode(),
                replay.from() == null ? null : replay.from().toString(),
                replay.state(),
                replay.processed(),
                replay.total(),
                percent(replay),
                replay.eventsPerSecond(),
                remaining(replay),
                replay.ratePerSecond(),
                replay.startedAt(),
                replay.finishedAt(),
                replay.startedBy(),
                running && replay.error() == null ? processorError : replay.error());
    }

    private static int percent(Replay replay) {
        if (replay.state() == ReplayState.COMPLETED) {
            return 100;
        }
        Long total = replay.total();
        return total == null || total == 0 ? 0 : (int) Math.min(99, replay.processed() * 100 / total);
    }

    private static @Nullable Long remaining(Replay replay) {
        if (replay.state() == ReplayState.COMPLETED) {
            return 0L;
        }
        Long total = replay.total();
        Long rate = replay.eventsPerSecond();
        if (replay.state() != ReplayState.RUNNING || total == null || rate == null || rate == 0) {
            return null;
        }
        return Math.max(0, (total - replay.processed() + rate - 1) / rate);
    }
}
