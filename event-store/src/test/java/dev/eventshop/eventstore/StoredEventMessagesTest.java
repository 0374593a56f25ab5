package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import dev.eventshop.events.registry.UnknownTypeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoredEventMessagesTest {

    private static final ClosedMapSerializer SERIALIZER =
            ClosedMapSerializer.ofExactly(Map.of(Counted.class, new SerializedTypeName("Counted", "1.0")));
    private static final String SECRET = "{\"number\":\"secret\"}";

    private static StoredEvent row(long number, String type, String revision, String payload) {
        return new StoredEvent(
                new Position(1, 700, number),
                UUID.randomUUID(),
                "Counter",
                "counter-7",
                number,
                type,
                revision,
                Instant.EPOCH,
                payload,
                "{}");
    }

    private static StoredEvent readable(long number) {
        return row(number, "Counted", "1.0", "{\"number\":" + number + "}");
    }

    private static StoredEventMessages messages(EventUpcaster upcaster) {
        return new StoredEventMessages(SERIALIZER, () -> upcaster, new Sealed());
    }

    private static void assertUnreadable(TrackedEventMessage<?> message, StoredEvent row, String cause) {
        assertThat(message.getPayloadType()).isEqualTo(Counted.class);
        assertThat(message.trackingToken()).isEqualTo(row.position());
        assertThat(message.getIdentifier()).isEqualTo(row.eventId().toString());
        assertThat(message.getTimestamp()).isEqualTo(row.time());
        assertThat(message).isInstanceOfSatisfying(DomainEventMessage.class, event -> {
            assertThat(event.getAggregateIdentifier()).isEqualTo("counter-7");
            assertThat(event.getSequenceNumber()).isEqualTo(row.sequenceNumber());
            assertThat(event.getType()).isEqualTo("Counter");
        });
        assertThatThrownBy(message::getPayload)
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("counter-7#" + row.sequenceNumber())
                .hasRootCauseMessage(cause);
    }

    @Nested
    class WithUnreadable {

        @Test
        void carriesAFailureToDecryptInItsPlace() {
            List<StoredEvent> rows = List.of(readable(0), row(1, "Counted", "1.0", SECRET), readable(2));

            List<TrackedEventMessage<?>> read = messages(NoOpEventUpcaster.INSTANCE)
                    .withUnreadable()
                    .messages(rows)
                    .toList();

            assertThat(read).hasSize(3);
            assertThat(read.get(0).getPayload()).isEqualTo(new Counted(0));
            assertUnreadable(read.get(1), rows.get(1), "sealed");
            assertThat(read.get(2).getPayload()).isEqualTo(new Counted(2));
        }

        @Test
        void carriesTheFailureOfAnUpcasterInItsPlace() {
            List<StoredEvent> rows = List.of(readable(0), row(1, "Counted", "0.9", "{}"), readable(2));

            List<TrackedEventMessage<?>> read =
                    messages(new FailsAtOlder()).withUnreadable().messages(rows).toList();

            assertThat(read).hasSize(3);
            assertUnreadable(read.get(1), rows.get(1), "no upcaster for this one");
            assertThat(read.get(2).getPayload()).isEqualTo(new Counted(2));
        }

        @Test
        void carriesAnErrorOfAnUpcasterInItsPlace() {
            List<StoredEvent> rows = List.of(readable(0), row(1, "Counted", "0.9", "{}"), readable(2));

            List<TrackedEventMessage<?>> read = messages(new FailsAtOlder(new StackOverflowError("too deep")))
                    .withUnreadable()
                    .messages(rows)
                    .toList();

            assertThat(read).hasSize(3);
            assertUnreadable(read.get(1), rows.get(1), "too deep");
            assertThat(read.get(2).getPayload()).isEqualTo(new Counted(2));
        }

        @Test
        void isNotUnreadableForALackOfMemory() {
            Iterator<TrackedEventMessage<?>> read = messages(new FailsAtOlder(new OutOfMemoryError("full")))
                    .withUnreadable()
                    .messages(List.of(readable(0), row(1, "Counted", "0.9", "{}")))
                    .iterator();

            assertThat(read.next().getPayload()).isEqualTo(new Counted(0));
            assertThatThrownBy(read::next).isInstanceOf(OutOfMemoryError.class);
        }

        @Test
        void endsInFrontOfWhatTheCodeDoesNotKnow() {
            for (StoredEvent newer : List.of(
                    row(1, "Counted", "2.0", "{\"number\":1}"),
                    row(1, "Counted", "2.0", SECRET),
                    row(1, "Other", "1.0", "{}"),
                    row(1, "Other", "1.0", SECRET),
                    row(1, "Other", "0.9", SECRET))) {
                Iterator<TrackedEventMessage<?>> read = messages(new FailsAtOlder())
                        .withUnreadable()
                        .messages(List.of(readable(0), newer, readable(2)))
                        .iterator();

                assertThat(read.next().getPayload()).isEqualTo(new Counted(0));
                assertThatThrownBy(read::next).isInstanceOf(UnknownTypeException.class);
            }
        }
    }

    @Test
    void endInFrontOfWhatCantBeDecrypted() {
        Iterator<TrackedEventMessage<?>> read = messages(NoOpEventUpcaster.INSTANCE)
                .messages(List.of(readable(0), row(1, "Counted", "1.0", SECRET), readable(2)))
                .iterator();

        assertThat(read.next().getPayload()).isEqualTo(new Counted(0));
        assertThatThrownBy(read::next).hasMessage("sealed");
    }

    @Test
    void endInFrontOfWhatAnUpcasterFailsAt() {
        Iterator<TrackedEventMessage<?>> read = messages(new FailsAtOlder())
                .messages(List.of(readable(0), row(1, "Counted", "0.9", "{}"), readable(2)))
                .iterator();

        assertThat(read.next().getPayload()).isEqualTo(new Counted(0));
        assertThatThrownBy(read::next).hasMessage("no upcaster for this one");
    }

    @Test
    void ofAnAggregateAreNotReadWithoutOneOfThem() {
        StoredEventMessages messages = messages(NoOpEventUpcaster.INSTANCE);
        for (StoredEventMessages either : List.of(messages, messages.withUnreadable())) {
            assertThatThrownBy(() -> either.stream(Stream.of(List.of(readable(0), row(1, "Counted", "1.0", SECRET))))
                            .asStream()
                            .toList())
                    .hasMessage("sealed");
        }
    }

    /** Can't be opened. */
    private static final class Sealed implements PayloadProtection {

        @Override
        public List<NewPayload> conceal(List<NewPayload> payloads) {
            return payloads;
        }

        @Override
        public List<Revealed> revealEach(List<StoredEvent> page) {
            return page.stream()
                    .map(event -> new Revealed(
                            event, event.payload().equals(SECRET) ? new IllegalArgumentException("sealed") : null))
                    .toList();
        }
    }

    /** At once, not when somebody asks for the data. */
    private static final class FailsAtOlder implements EventUpcaster {

        private final @Nullable Error error;

        FailsAtOlder() {
            this(null);
        }

        FailsAtOlder(@Nullable Error error) {
            this.error = error;
        }

        @Override
        public Stream<IntermediateEventRepresentation> upcast(Stream<IntermediateEventRepresentation> events) {
            return events.peek(event -> {
                if ("0.9".equals(event.getType().getRevision())) {
                    if (error != null) {
                        throw error;
                    }
                    throw new IllegalStateException("no upcaster for this one");
                }
            });
        }
    }
}
