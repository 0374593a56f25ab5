package dev.eventshop.eventstore;

import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** A row as Axon's upcasters and serializers want it. */
record StoredEventData(StoredEvent row) implements DomainEventData<String>, TrackedEventData<String> {

    @Override
    public TrackingToken trackingToken() {
        return row.position();
    }

    @Override
    public String getEventIdentifier() {
        return row.eventId().toString();
    }

    @Override
    public Instant getTimestamp() {
        return row.time();
    }

    @Override
    public String getType() {
        return row.aggregateType();
    }

    @Override
    public String getAggregateIdentifier() {
        return row.aggregateId();
    }

    @Override
    public long getSequenceNumber() {
        return row.sequenceNumber();
    }

    @Override
    public SerializedObject<String> getMetaData() {
        return new SerializedMetaData<>(row.metadata(), String.class);
    }

    @Override
    public SerializedObject<String> getPayload() {
        return new SimpleSerializedObject<>(row.payload(), String.class, row.type(), row.revision());
    }
}
