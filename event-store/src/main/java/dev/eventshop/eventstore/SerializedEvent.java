package dev.eventshop.eventstore;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Payload and metadata of a message as they are stored. */
record SerializedEvent(String type, @Nullable String revision, OffsetDateTime time, String payload, String metadata) {

    SerializedEvent withPayload(String otherPayload) {
        return new SerializedEvent(type, revision, time, otherPayload, metadata);
    }

    static SerializedEvent of(DomainEventMessage<?> message, Serializer serializer) {
        SerializedObject<String> payload = message.serializePayload(serializer, String.class);
        SerializedObject<String> metadata = message.serializeMetaData(serializer, String.class);
        return new SerializedEvent(
                payload.getType().getName(),
                payload.getType().getRevision(),
                message.getTimestamp().atOffset(ZoneOffset.UTC),
                payload.getData(),
                metadata.getData());
    }
}
