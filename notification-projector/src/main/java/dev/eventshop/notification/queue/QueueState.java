package dev.eventshop.notification.queue;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One queue at one moment. AMQP itself tells how many messages and consumers there are, and no more: the rest is null.
 */
@Schema(description = "One queue at one moment; null is what the broker does not tell")
public record QueueState(
        @Schema(example = "order.created") String queue,

        @Schema(example = "0", description = "messages waiting; null when there is no such queue") @Nullable
        Integer ready,

        @Schema(nullable = true) @Nullable Integer unacknowledged,
        @Schema(example = "1") @Nullable Integer consumers,
        @Schema(nullable = true) @Nullable Double inPerSecond,
        @Schema(nullable = true) @Nullable Double outPerSecond,

        @Schema(example = "0", description = "messages in the dead-letter queue; null when there is none") @Nullable
        Integer failed) {}
