package dev.eventshop.query.deadletter;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * Events that a projection has set apart for the same kind of failure, without those that wait for others.
 *
 * @param error of the newest one
 */
record DeadLetterGroup(
        @Schema(example = "order-summary") String projection,
        @Schema(example = "MissingRow") String errorClass,

        @Schema(example = "order-17#3: order_summary has no row 17 for the event with sequence number 3")
        String error,

        @Schema(example = "3") long count,
        Instant firstParkedAt,
        Instant lastParkedAt) {}
