package dev.eventshop.notification.deadletter.web;

import dev.eventshop.notification.deadletter.DeadLetterGroup;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

@Schema(name = "DeadLetterGroup", description = "Dead letters of one queue that failed alike")
record DeadLetterGroupItem(
        @Schema(example = "order.created") String queue,

        @Schema(example = "dev.eventshop.notification.message.InvalidMessage")
        String errorClass,

        @Schema(
                example = "orderId must be positive, is -1",
                description =
                        "that of the newest one; those of the others differ in numbers, and from the first quotation on")
        String error,

        @Schema(example = "3") long count,
        @Schema(example = "2026-01-31T10:15:30Z") Instant firstFailedAt,
        @Schema(example = "2026-01-31T10:17:02Z") Instant lastFailedAt) {

    /** Without what was said. */
    @Override
    public String toString() {
        return "DeadLetterGroupItem[" + queue + ", " + errorClass + ", " + count + "]";
    }

    static DeadLetterGroupItem of(DeadLetterGroup group) {
        return new DeadLetterGroupItem(
                group.queue(),
                group.errorClass(),
                group.error(),
                group.count(),
                group.firstFailedAt(),
                group.lastFailedAt());
    }
}
