package dev.eventshop.eventstore;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;

/** Turns rows into Axon's messages: brought to today's revision, and deserialized when somebody asks for the payload. */
public final class StoredEventMessages {

    private final Serializer serializer;
    private final Supplier<? extends EventUpcaster> upcaster;

    /**
     * @param serializer of events
     * @param upcaster   asked for at each use
     */
    public StoredEventMessages(Serializer serializer, Supplier<? extends EventUpcaster> upcaster) {
        this.serializer = serializer;
        this.upcaster = upcaster;
    }

    /** @return the messages in the order of the rows; an upcaster may have made several of a row, or none */
    public Stream<TrackedEventMessage<?>> messages(List<StoredEvent> rows) {
        return EventUtils.upcastAndDeserializeTrackedEvents(
                        rows.stream().map(StoredEventData::new), serializer, upcaster.get())
                .map(message -> message);
    }

    DomainEventStream stream(Stream<StoredEvent> rows) {
        return EventStreamUtils.upcastAndDeserializeDomainEvents(
                rows.map(StoredEventData::new), serializer, upcaster.get());
    }
}
