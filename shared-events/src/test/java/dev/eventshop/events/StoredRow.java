package dev.eventshop.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** An event as the store has it: fourth of its aggregate, with the name, revision and JSON it was written with. */
public record StoredRow(String name, String revision, String json) implements DomainEventData<byte[]> {

    public static final String ID = "0195a3f0-0000-7000-8000-000000000001";
    public static final Instant AT = Instant.parse("2026-03-01T09:30:15.123456Z");

    public static StoredRow of(Golden golden) {
        return new StoredRow(golden.name(), golden.revision(), golden.json());
    }

    @Override
    public String getEventIdentifier() {
        return ID;
    }

    @Override
    public Instant getTimestamp() {
        return AT;
    }

    @Override
    public SerializedObject<byte[]> getMetaData() {
        return new SerializedMetaData<>("{\"locale\":\"vi\"}".getBytes(UTF_8), byte[].class);
    }

    @Override
    public SerializedObject<byte[]> getPayload() {
        return new SimpleSerializedObject<>(json.getBytes(UTF_8), byte[].class, name, revision);
    }

    @Override
    public String getType() {
        return "Product";
    }

    @Override
    public String getAggregateIdentifier() {
        return "product-17";
    }

    @Override
    public long getSequenceNumber() {
        return 3;
    }
}
