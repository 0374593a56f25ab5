package dev.eventshop.eventstore;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;

/** The event of these tests. */
record Counted(long number) {

    static final ClosedMapSerializer SERIALIZER =
            ClosedMapSerializer.of(Map.of(Counted.class, new SerializedTypeName("Counted", "1.0")));

    private static final TimeOrderedIdentifierFactory IDS = new TimeOrderedIdentifierFactory();

    static DomainEventMessage<Counted> event(String aggregateId, long sequenceNumber) {
        return event(aggregateId, sequenceNumber, Instant.now());
    }

    static DomainEventMessage<Counted> event(String aggregateId, long sequenceNumber, Instant time) {
        return new GenericDomainEventMessage<>(
                "Counter",
                aggregateId,
                sequenceNumber,
                new Counted(sequenceNumber),
                MetaData.with("correlationId", "c-" + sequenceNumber),
                UUID.fromString(IDS.generateIdentifier()).toString(),
                time);
    }

    /** @return events of one aggregate from {@code first} up to, and without, {@code end} */
    static List<DomainEventMessage<Counted>> events(String aggregateId, long first, long end) {
        return LongStream.range(first, end).mapToObj(i -> event(aggregateId, i)).toList();
    }
}
