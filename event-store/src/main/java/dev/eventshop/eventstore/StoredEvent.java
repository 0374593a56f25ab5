package dev.eventshop.eventstore;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored: a row, neither upcast nor deserialized.
 *
 * @param position       its place in the store
 * @param eventId        unique, and roughly ascending in time
 * @param aggregateType  logical name
 * @param aggregateId    carries its type, for example {@code product-17}
 * @param sequenceNumber within the aggregate, from 0, without holes
 * @param type           logical name of the event
 * @param revision       of the stored form; null when the serializer gives none
 * @param time           when the event happened, by the writer's clock, in microseconds; may be out of order
 * @param payload        JSON text, as it was written
 * @param metadata       JSON text, as it was written
 */
public record StoredEvent(
        Position position,
        UUID eventId,
        String aggregateType,
        String aggregateId,
        long sequenceNumber,
        String type,
        @Nullable String revision,
        Instant time,
        String payload,
        String metadata) {

    public StoredEvent withPayload(String otherPayload) {
        return new StoredEvent(
                position,
                eventId,
                aggregateType,
                aggregateId,
                sequenceNumber,
                type,
                revision,
                time,
                otherPayload,
                metadata);
    }
}
