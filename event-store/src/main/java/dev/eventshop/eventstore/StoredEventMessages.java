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
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns rows into Axon's messages: brought to today's revision, and deserialized when somebody asks for the payload. */
public final class StoredEventMessages {

    private static final Logger LOG = LoggerFactory.getLogger(StoredEventMessages.class);

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

    /**
     * Brings payloads to today's revision, for people to read: in the form that handlers see, but not deserialized, so
     * that unknown types are no hindrance.
     *
     * @param rows with payloads as they are to be shown; nothing is revealed here
     * @return as many, in the same order, with other payloads only. Where an upcaster fails, or makes several events of one
     *     or none, the payload is as it was
     */
    public List<StoredEvent> upcast(List<StoredEvent> rows) {
        EventUpcaster chain = upcaster.get();
        return rows.stream().map(row -> upcast(row, chain)).toList();
    }

    private StoredEvent upcast(StoredEvent row, EventUpcaster chain) {
        try {
            List<IntermediateEventRepresentation> upcast = chain.upcast(
                            Stream.of(new InitialEventRepresentation(new StoredEventData(row), serializer)))
                    .toList();
            return upcast.size() == 1
                    ? row.withPayload(upcast.get(0).getData(String.class).getData())
                    : row;
        } catch (RuntimeException e) {
            LOG.debug("The event {} is shown as it is stored", row.eventId(), e);
            return row;
        }
    }

    DomainEventStream stream(Stream<List<StoredEvent>> pages) {
        return EventStreamUtils.upcastAndDeserializeDomainEvents(
                pages.flatMap(page -> protection.reveal(page).stream()).map(StoredEventData::new),
                serializer,
                upcaster.get());
    }
}
