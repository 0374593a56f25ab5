package dev.eventshop.query.replay;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is to be rebuilt.
 *
 * @param mode IN_PLACE, also when it is missing
 * @param from not supported yet
 */
record ReplayRequest(
        @Schema(example = "order-summary", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String projection,

        @Schema(allowableValues = "IN_PLACE", defaultValue = "IN_PLACE", nullable = true) @Nullable
        String mode,

        @Schema(hidden = true) @Nullable JsonNode from) {}
