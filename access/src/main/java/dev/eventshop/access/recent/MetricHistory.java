package dev.eventshop.access.recent;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param at    when the samples were taken, oldest first
 * @param items one for each meter and its labels, with a value for each sample
 */
@Schema(description = "What meters were, in samples")
record MetricHistory(
        @Schema(description = "when the samples were taken, oldest first")
        List<Instant> at,

        List<MetricSeries> items,

        @Schema(nullable = true, example = "null", description = "always null: it is all of them") @Nullable
        String nextCursor) {}
