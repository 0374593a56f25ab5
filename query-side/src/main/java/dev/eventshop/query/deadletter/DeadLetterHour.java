package dev.eventshop.query.deadletter;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * How many of the events that are set apart were so within an hour.
 *
 * @param from beginning of the hour
 */
record DeadLetterHour(
        @Schema(example = "2026-01-31T10:00:00Z") Instant from,
        @Schema(example = "3") long count) {}
