package dev.eventshop.query.replay;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is to be rebuilt.
 *
 * @param mode SIDE_BY_SIDE when it is missing
 * @param from where to begin, in place only
 */
record ReplayRequest(
        @Schema(example = "order-summary", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String projection,

        @Schema(
                allowableValues = {"SIDE_BY_SIDE", "IN_PLACE"},
                defaultValue = "SIDE_BY_SIDE",
                nullable = true)
        @Nullable
        String mode,

        @Schema(
                type = "object",
                example = "null",
                description = "{\"position\": ...} or {\"time\": ...}. No projection can be replayed from there: what"
                        + " they make of an event depends on those before",
                nullable = true)
        @Nullable
        JsonNode from) {}
