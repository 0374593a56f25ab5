package dev.eventshop.query.replay;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is to be rebuilt.
 *
 * @param mode SIDE_BY_SIDE when it is missing
 * @param from what has changed since then is made anew, the rest left alone; in place only
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
                description =
                        "in place only, and not for sales-statistics, whose rows many orders share: only what has an"
                                + " event behind that position, or of that moment or later, is made anew, from its first event"
                                + " on")
        @Nullable
        Start from) {

    /** One of the two. */
    record Start(
            @Schema(
                    nullable = true,
                    example = "1-7431-99",
                    description = "of an event, or an Event-Position: the events behind it")
            @Nullable
            String position,

            @Schema(
                    nullable = true,
                    example = "null",
                    format = "date-time",
                    description = "the events of that moment, and later ones")
            @Nullable
            String time) {}
}
