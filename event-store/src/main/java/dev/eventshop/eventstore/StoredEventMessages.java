package dev.eventshop.eventstore;

import dev.eventshop.eventstore.PayloadProtection.Revealed;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.serialization.LazyDeserializingObject;
import org.axonframework.serialization.SerializedMessage;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedType;
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
    private final boolean withUnreadable;

    /**
     * @param serializer of events
     * @param upcaster   asked for at each use
     * @param protection that the payloads were stored with
     */
    public StoredEventMessages(
            Serializer serializer, Supplier<? extends EventUpcaster> upcaster, PayloadProtection protection) {
        this(serializer, upcaster, protection, false);
    }

    private StoredEventMessages(
            Serializer serializer,
            Supplier<? extends EventUpcaster> upcaster,
            PayloadProtection protection,
            boolean withUnreadable) {
        this.serializer = serializer;
        this.upcaster = upcaster;
        this.protection = protection;
        this.withUnreadable = withUnreadable;
    }

    /**
     * For readers that set apart what can't be read, and go on behind it.
     *
     * @return the same, but an event that can't be decrypted, or that an upcaster fails at, is a message like the others,
     *     whose payload throws {@link UnreadableEventException}. Upcasters get each event alone. An unknown type or revision
     *     still ends the stream in front of it: there the code is older than the store
     */
    public StoredEventMessages withUnreadable() {
        return new StoredEventMessages(serializer, upcaster, protection, true);
    }

    /**
     * @return the messages in the order of the rows; an upcaster may have made several of a row, or none. The stream ends
     *     with an exception at one that can't be read
     */
    public Stream<TrackedEventMessage<?>> messages(List<StoredEvent> rows) {
        EventUpcaster chain = upcaster.get();
        List<Revealed> revealed = protection.revealEach(rows);
        if (withUnreadable) {
            return revealed.stream().flatMap(row -> eachReadable(row, chain));
        }
        return messages(revealed.stream().map(Revealed::orThrow), chain);
    }

    private Stream<TrackedEventMessage<?>> messages(Stream<StoredEvent> rows, EventUpcaster chain) {
        return EventUtils.upcastAndDeserializeTrackedEvents(rows.map(StoredEventData::new), serializer, chain)
                .map(message -> message);
    }

    private Stream<TrackedEventMessage<?>> eachReadable(Revealed revealed, EventUpcaster chain) {
        StoredEvent row = revealed.event();
        RuntimeException failure = revealed.failure();
        SerializedType type = new SimpleSerializedType(row.type(), null);
        try {
            List<IntermediateEventRepresentation> upcast = upcastAlone(row, chain);
            if (failure == null) {
                return messages(Stream.of(row), initial -> upcast.stream());
            }
            type = upcast.size() == 1 ? upcast.get(0).getType() : type;
        } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
        } catch (Error e) {
            if (ErrorOccurredException.isOfMemory(e)) {
                throw e; // it may be read the next time
            }
            failure = failure == null ? new ErrorOccurredException(e) : failure;
        }
        return Stream.of(unreadable(row, type, failure));
    }

    /** @throws RuntimeException when the type is unknown */
    private TrackedEventMessage<?> unreadable(StoredEvent row, SerializedType type, RuntimeException failure) {
        StoredEventData data = new StoredEventData(row);
        return new GenericTrackedDomainEventMessage<>(
                row.position(),
                row.aggregateType(),
                row.aggregateId(),
                row.sequenceNumber(),
                new SerializedMessage<>(
                        data.getEventIdentifier(),
                        new LazyDeserializingObject<>(
                                () -> {
                                    throw new UnreadableEventException(row, failure);
                                },
                                type,
                                serializer),
                        new LazyDeserializingObject<>(data.getMetaData(), serializer)),
                row::time);
    }

    private List<IntermediateEventRepresentation> upcastAlone(StoredEvent row, EventUpcaster chain) {
        return chain.upcast(Stream.of(new InitialEventRepresentation(new StoredEventData(row), serializer)))
                .toList();
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
            List<IntermediateEventRepresentation> upcast = upcastAlone(row, chain);
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
