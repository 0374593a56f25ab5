package dev.eventshop.query.projection;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A projection's processor.
 *
 * @param position    all events up to it are applied
 * @param lagEvents   events of the store beyond it
 * @param lagSeconds  age of the oldest of them
 * @param error       what keeps it from getting on; null when nothing does
 * @param deadLetters events that were set apart because they, or one of the same aggregate before, can't be applied
 * @param generations both sets of its tables; none for a projection that the database does not know yet
 */
record ProcessorStatus(
        @Schema(example = "order-summary") String projection,
        State state,
        @Schema(example = "1-7431-99") String position,
        @Schema(example = "0") long lagEvents,
        @Schema(example = "0") long lagSeconds,

        @Schema(nullable = true, example = "order-17#3: FATAL: terminating connection due to administrator command")
        @Nullable
        String error,

        @Schema(example = "0") long deadLetters,
        List<SegmentStatus> segments,
        List<Generation> generations) {

    enum State {
        /** At work, or waiting for events. */
        RUNNING,
        /** It gets no further at the moment; it tries again, with growing pauses up to a minute. */
        ERROR,
        /** All instances have been told to let go of it, while a replay empties the view. */
        PAUSED,
        /** Nobody works on it. */
        STOPPED
    }

    /** @param owner instance that works on it; null when none does */
    record SegmentStatus(
            @Schema(example = "0") int id,
            @Schema(example = "1-7431-99") String position,

            @Schema(nullable = true, example = "host-1/5ad0…") @Nullable
            String owner) {}
}
