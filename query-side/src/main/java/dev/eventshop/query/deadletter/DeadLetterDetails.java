package dev.eventshop.query.deadletter;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.eventshop.query.storedevent.StoredEventView;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An event that a projection has set apart, with all that operators see of it.
 *
 * @param stackTrace where it failed last, innermost cause first and bounded; null for one that waits, and for one that was
 *                   set apart by an older version
 * @param event      as it is in the store; personal data replaced unless it was asked for
 */
record DeadLetterDetails(
        @JsonUnwrapped DeadLetter letter,

        @Schema(
                nullable = true,
                example = "dev.eventshop.query.projection.MissingRow",
                description =
                        "where it failed last: classes and lines, innermost cause first, at most 8 000 characters")
        @Nullable
        String stackTrace,

        @Schema(nullable = true, description = "as it is in the store, with its payload") @Nullable
        StoredEventView event) {}
