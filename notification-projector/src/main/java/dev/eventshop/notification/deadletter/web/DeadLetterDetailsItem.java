package dev.eventshop.notification.deadletter.web;

import dev.eventshop.notification.deadletter.DeadLetterDetails;
import dev.eventshop.notification.deadletter.DeadLetterEntry;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Schema(name = "DeadLetterDetails", description = "A message that could not be handled, with all that is known of it")
record DeadLetterDetailsItem(
        @Schema(example = "42") long id,
        @Schema(example = "order.created") String queue,

        @Schema(example = "0198f1c2-7a5e-7d10-9c1b-3f2a6f0e4b11", description = "null when it has none") @Nullable
        String messageId,

        @Schema(example = "order.created", description = "key that it came to the queue with") @Nullable
        String routingKey,

        @Schema(example = "OrderCreatedEvent", description = "what it says that it is") @Nullable
        String type,

        @Schema(example = "dev.eventshop.notification.message.InvalidMessage")
        String errorClass,

        @Schema(
                example = "orderId must be positive, is -1",
                description = "of the last attempt; without what came from the message once its person was erased")
        String error,

        @Schema(example = "2026-01-31T10:15:30Z") Instant firstFailedAt,
        @Schema(example = "2026-01-31T10:15:45Z") Instant lastFailedAt,

        @Schema(example = "5", description = "how often it was tried, those before it was sent back included")
        int attempts,

        @Schema(
                example = "{\"orderId\":-1}",
                nullable = true,
                description = "its beginning, as text in UTF-8; null once its person was erased")
        @Nullable
        String body,

        @Schema(
                example = "{\"axon-message-type\": \"OrderCreatedEvent\"}",
                nullable = true,
                description =
                        "that it came with, as texts; null once its person was erased, and for one of more than 4 MB")
        @Nullable
        Map<String, String> headers,

        @Schema(
                example = "dev.eventshop.notification.message.InvalidMessage: orderId must be positive, is -1",
                nullable = true,
                description =
                        "of the last attempt, at most 8 000 characters of it; null as the headers, and where it was not told")
        @Nullable
        String stackTrace) {

    /** Without what is in it. */
    @Override
    public String toString() {
        return "DeadLetterDetailsItem[" + id + ", " + queue + "]";
    }

    static DeadLetterDetailsItem of(DeadLetterDetails details) {
        DeadLetterEntry entry = details.entry();
        return new DeadLetterDetailsItem(
                entry.id(),
                entry.queue(),
                entry.messageId(),
                entry.routingKey(),
                entry.type(),
                entry.errorClass(),
                entry.error(),
                entry.firstFailedAt(),
                entry.lastFailedAt(),
                entry.attempts(),
                entry.body(),
                details.headers(),
                details.stackTrace());
    }
}
