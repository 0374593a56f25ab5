package dev.eventshop.query.projection;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the two sets of tables of a projection, and what is in it.
 *
 * @param number  counts how often the view was made anew, from 1 on; null when nothing is in it
 * @param version of the code that has filled it, or does; null when nothing is in it
 * @param replay  that fills it; null when none does
 */
record Generation(
        @Schema(example = "a") String slot,
        State state,

        @Schema(nullable = true, example = "3", description = "how often the view was made anew, from 1 on") @Nullable
        Long number,

        @Schema(nullable = true, example = "1", description = "of the code that has filled it, or does") @Nullable
        Integer version,

        @Schema(example = "[\"order_summary_a\", \"order_timeline_a\"]")
        List<String> tables,

        @Schema(nullable = true, example = "12", description = "replay that fills it") @Nullable
        Long replay) {

    enum State {
        /** Readers see it. */
        LIVE,
        /** A replay fills it; it takes the place of the live one at its end. */
        BUILDING,
        /** It waits for the next replay. */
        IDLE
    }
}
