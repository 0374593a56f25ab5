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

        @Schema(example = "2") @Nullable Integer unacknowledged,
        @Schema(example = "1") @Nullable Integer consumers,
        @Schema(example = "12.5") @Nullable Double inPerSecond,
        @Schema(example = "12.5") @Nullable Double outPerSecond,

        @Schema(
                example = "0",
                description = "dead letters, in the dead-letter queue or collected from it; null when there is no such"
                        + " queue, or the database does not tell")
        @Nullable
        Integer failed) {}
