package dev.eventshop.query.replay;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What can be changed of a replay that has not ended.
 *
 * @param ratePerSecond most events per second, at least 1; null for no bound
 */
record ReplayChange(
        @Schema(example = "5000", minimum = "1", nullable = true) @Nullable
        Integer ratePerSecond) {}
