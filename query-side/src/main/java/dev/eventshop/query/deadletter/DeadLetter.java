package dev.eventshop.query.deadletter;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that a projection has set apart.
 *
 * @param errorClass kind of failure; null for an event that waits for those of the same aggregate before it
 * @param error      for operators
 * @param attempts   how often it was tried, 0 for one that waits
 */
record DeadLetter(
        @Schema(example = "7") long id,
        @Schema(example = "order-summary") String projection,
        @Schema(example = "order-17") String aggregateId,
        @Schema(example = "3") long sequenceNumber,
        @Schema(example = "OrderStatusChangedEvent") String type,

        @Schema(nullable = true, example = "MissingRow") @Nullable
        String errorClass,

        @Schema(example = "order-17#3: order_summary has no row 17 for the event with sequence number 3")
        String error,

        Instant parkedAt,
        @Schema(example = "2") int attempts) {}
