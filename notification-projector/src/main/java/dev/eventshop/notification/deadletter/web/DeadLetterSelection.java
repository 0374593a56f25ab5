package dev.eventshop.notification.deadletter.web;

import dev.eventshop.notification.deadletter.DeadLetterFilter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(description = "Which dead letters are meant: without both, all")
record DeadLetterSelection(
        @Schema(example = "order.created", nullable = true, description = "those of this queue") @Nullable
        String queue,

        @Schema(
                example = "dev.eventshop.notification.message.InvalidMessage",
                nullable = true,
                description = "those that failed with this error")
        @Nullable
        String errorClass) {

    DeadLetterFilter filter() {
        return new DeadLetterFilter(queue, errorClass);
    }
}
