package dev.eventshop.query.storedevent;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.eventshop.eventstore.StoredEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored, but for its payload.
 *
 * @param position       its place in the store, opaque, and the {@code Event-Position} of its write when it was the last
 * @param type           as it is stored
 * @param revision       as it is stored: an older one than today's says that the payload was brought to today's form
 * @param sequenceNumber within the aggregate, from 0
 * @param time           by the writer's clock
 * @param payload        JSON as handlers see it, in today's form; personal data replaced unless it was asked for
 * @param metadata       JSON as it is stored; without personal data
 */
@Schema(description = "An event as it is stored; the payload in today's form")
public record StoredEventView(
        @Schema(example = "1-7431-99") String position,

        @Schema(example = "018f5b2c-0000-7000-8000-000000000002")
        UUID eventId,

        @Schema(example = "OrderStatusChangedEvent") String type,

        @Schema(nullable = true, example = "1.0", description = "of the stored form") @Nullable
        String revision,

        @Schema(example = "Order") String aggregateType,
        @Schema(example = "order-17") String aggregateId,
        @Schema(example = "3") long sequenceNumber,
        Instant time,

        @Schema(
                implementation = Object.class,
                types = "object",
                example = "{\"orderId\": 17, \"oldStatus\": \"PENDING\", \"newStatus\": \"CONFIRMED\","
                        + " \"changedAt\": \"2026-01-31T12:00:00Z\"}",
                description = "the fields of the event; personal data is \"[masked]\", or \"[erased]\"")
        @JsonRawValue
        String payload,

        @Schema(
                implementation = Object.class,
                types = "object",
                example = "{\"correlationId\": \"018f5b2c-0000-7000-8000-000000000001\"}",
                description = "correlationId, causationId, traceparent and others, each a text")
        @JsonRawValue
        String metadata) {

    static StoredEventView of(StoredEvent event) {
        return new StoredEventView(
                event.position().toString(),
                event.eventId(),
                event.type(),
                event.revision(),
                event.aggregateType(),
                event.aggregateId(),
                event.sequenceNumber(),
                event.time(),
                event.payload(),
                event.metadata());
    }
}
