package dev.eventshop.access.recent;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** @param values one for each sample; null where it was not known */
@Schema(description = "What one meter was, in samples")
record MetricSeries(
        @Schema(example = "eventshop.eventstore.head") String meter,

        @Schema(example = "{\"projection\": \"order-summary\"}")
        Map<String, String> labels,

        @ArraySchema(
                arraySchema =
                        @Schema(
                                example = "[1207, 1207, 1219]",
                                description =
                                        "one for each sample, null where it was not known; counters count from the"
                                                + " start of the service"),
                schema = @Schema(types = {"number", "null"}))
        List<@Nullable Double> values) {}
