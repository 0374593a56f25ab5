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
    private final PayloadProtection protection;

    /**
     * @param serializer of events
     * @param upcaster   asked for at each use
     * @param protection that the payloads were stored with
     */
    public StoredEventMessages(
            Serializer serializer, Supplier<? extends EventUpcaster> upcaster, PayloadProtection protection) {
        this.serializer = serializer;
        this.upcaster = upcaster;
        this.protection = protection;
    }

    /** @return the messages in the order of the rows; an upcaster may have made several of a row, or none */
    public Stream<TrackedEventMessage<?>> messages(List<StoredEvent> rows) {
        return EventUtils.upcastAndDeserializeTrackedEvents(
                        protection.reveal(rows).stream().map(StoredEventData::new), serializer, upcaster.get())
                .map(message -> message);
    }

    DomainEventStream stream(Stream<List<StoredEvent>> pages) {
        return EventStreamUtils.upcastAndDeserializeDomainEvents(
                pages.flatMap(page -> protection.reveal(page).stream()).map(StoredEventData::new),
                serializer,
                upcaster.get());
    }
}
