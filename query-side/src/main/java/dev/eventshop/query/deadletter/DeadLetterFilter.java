package dev.eventshop.query.deadletter;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which events are meant: those that have all that is given; without anything, all. */
record DeadLetterFilter(
        @Schema(nullable = true, example = "order-summary") @Nullable
        String projection,

        @Schema(nullable = true, example = "order-17") @Nullable
        String aggregateId,

        @Schema(nullable = true, example = "MissingRow") @Nullable
        String errorClass) {

    /** @return as a condition on {@code dead_letter} */
    Condition condition() {
        List<String> terms = new ArrayList<>(List.of("state = 'PARKED'"));
        List<Object> parameters = new ArrayList<>();
        add(terms, parameters, "projection", projection);
        add(terms, parameters, "aggregate_id", aggregateId);
        add(terms, parameters, "error_class", errorClass);
        return new Condition(String.join(" and ", terms), parameters);
    }

    private static void add(List<String> terms, List<Object> parameters, String column, @Nullable String value) {
        if (value != null) {
            terms.add(column + " = ?");
            parameters.add(value);
        }
    }

    /** @param parameters of the question marks in it */
    record Condition(String sql, List<Object> parameters) {}
}
