package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static dev.eventshop.eventstore.Counted.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class LoadIT {

    /** The state that snapshots hold. */
    private record Counter(long total) {}

    private static final int PAGE = 100;

    private static TestStore store;

    @BeforeAll
    static void start() {
        store = TestStore.create(
                PAGE, ClosedMapSerializer.of(Map.of(Counter.class, new SerializedTypeName("Counter", "1"))));
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    private static String newAggregate() {
        return "counter-" + UUID.randomUUID();
    }

    private static List<Long> versions(DomainEventStream stream) {
        return stream.asStream()
                .<Long>map(DomainEventMessage::getSequenceNumber)
                .toList();
    }

    private static List<Long> range(long first, long end) {
        return LongStream.range(first, end).boxed().toList();
    }

    private static DomainEventMessage<Counter> snapshot(String id, long version) {
        return new GenericDomainEventMessage<>("Counter", id, version, new Counter(version));
    }

    @Nested
    class AnAggregate {

        @Test
        void comesWithItsEventsInOrder() {
            String id = newAggregate();
            store.append(events(id, 0, 5));

            List<? extends DomainEventMessage<?>> read =
                    store.store.readEvents(id).asStream().toList();

            assertThat(read).extracting(DomainEventMessage::getSequenceNumber).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(read.get(3).getPayload()).isEqualTo(new Counted(3));
            assertThat(read.get(3).getMetaData()).containsEntry("correlationId", "c-3");
            assertThat(read.get(3).getType()).isEqualTo("Counter");
        }

        @Test
        void comesInPagesWhenItIsLong() {
            for (int length : new int[] {PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 3 * PAGE + 7}) {
                String id = newAggregate();
                store.append(events(id, 0, length));

                assertThat(versions(store.store.readEvents(id))).isEqualTo(range(0, length));
                assertThat(versions(store.store.readEvents(id, 5))).isEqualTo(range(5, length));
            }
        }

        @Test
        void isEmptyWhenUnknown() {
            assertThat(store.store.readEvents(newAggregate()).hasNext()).isFalse();
            assertThat(store.store.lastSequenceNumberFor(newAggregate())).isEmpty();
        }

        @Test
        void comesWithWhatTheUnitOfWorkHasStaged() {
            String id = newAggregate();
            store.append(events(id, 0, 2));
            UnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(event(id, 2));
            store.store.publish(event(id, 2));

            assertThat(versions(store.store.readEvents(id))).containsExactly(0L, 1L, 2L);
            assertThat(store.store.lastSequenceNumberFor(id)).hasValue(2L);
            unitOfWork.rollback();
        }

        @Test
        void keepsMicroseconds() {
            String id = newAggregate();
            Instant time = Instant.parse("2026-11-24T08:30:00.123456Z");
            store.append(event(id, 0, time));

            assertThat(store.store.readEvents(id).next().getTimestamp()).isEqualTo(time);
        }

        @Test
        void isUpcast() {
            String id = newAggregate();
            store.append(event(id, 7));
            store.upcastWith(new PlusOneHundred());
            try {
                assertThat(store.store.readEvents(id, 7).next().getPayload()).isEqualTo(new Counted(107));
            } finally {
                store.upcastWith(NoOpEventUpcaster.INSTANCE);
            }
        }
    }

    @Nested
    class ASnapshot {

        @Test
        void standsForTheEventsBeforeIt() {
            String id = newAggregate();
            store.append(events(id, 0, 10));
            store.store.storeSnapshot(snapshot(id, 6));

            List<? extends DomainEventMessage<?>> read =
                    store.store.readEvents(id).asStream().toList();

            assertThat(read).extracting(DomainEventMessage::getSequenceNumber).containsExactly(6L, 7L, 8L, 9L);
            assertThat(read.get(0).getPayload()).isEqualTo(new Counter(6));
        }

        @Test
        void mayBeFollowedByPages() {
            String id = newAggregate();
            store.append(events(id, 0, 3 * PAGE));
            store.store.storeSnapshot(snapshot(id, 10));

            assertThat(versions(store.store.readEvents(id))).isEqualTo(range(10, 3 * PAGE));
        }

        @Test
        void mayBeAtTheLastEvent() {
            String id = newAggregate();
            store.append(events(id, 0, 3));
            store.store.storeSnapshot(snapshot(id, 2));

            assertThat(versions(store.store.readEvents(id))).containsExactly(2L);
        }

        @Test
        void isReplacedByALaterOneOnly() {
            String id = newAggregate();
            store.store.storeSnapshot(snapshot(id, 5));
            store.store.storeSnapshot(snapshot(id, 9));
            store.store.storeSnapshot(snapshot(id, 7));

            assertThat(store.engine.readSnapshot(id).map(DomainEventMessage::getSequenceNumber))
                    .hasValue(9L);
            assertThat(store.admin()
                            .queryForObject(
                                    "select count(*) from command_side.snapshot where aggregate_id = ?",
                                    Long.class,
                                    id))
                    .isOne();
        }

        @Test
        void isIgnoredWhenItsTypeIsUnknown() {
            String id = newAggregate();
            store.append(events(id, 0, 5));
            store.store.storeSnapshot(snapshot(id, 3));
            store.admin().update("update command_side.snapshot set type = 'Gone' where aggregate_id = ?", id);

            assertThat(versions(store.store.readEvents(id))).isEqualTo(range(0, 5));
            assertThat(store.engine.readSnapshot(id)).isEmpty();
        }

        @Test
        void isIgnoredWhenItIsBroken() {
            String id = newAggregate();
            store.append(events(id, 0, 5));
            store.store.storeSnapshot(snapshot(id, 3));
            store.admin()
                    .update(
                            "update command_side.snapshot set payload = '{\"total\": \"much\"}' where aggregate_id = ?",
                            id);

            assertThat(versions(store.store.readEvents(id))).isEqualTo(range(0, 5));
            store.store.storeSnapshot(snapshot(id, 4));
            assertThat(versions(store.store.readEvents(id))).containsExactly(4L);
        }

        @Test
        void isIgnoredWhenTheFilterSaysSo() {
            String id = newAggregate();
            store.append(events(id, 0, 5));
            store.store.storeSnapshot(snapshot(id, 3));
            store.filterSnapshots(data -> !new SimpleSerializedType("Counter", "1")
                    .equals(data.getPayload().getType()));
            try {
                assertThat(versions(store.store.readEvents(id))).isEqualTo(range(0, 5));
            } finally {
                store.filterSnapshots(data -> true);
            }
        }
    }

    private static final class PlusOneHundred extends SingleEventUpcaster {

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().getName().equals("Counted");
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(new SimpleSerializedType("Counted", "1.0"), JsonNode.class, payload -> {
                ObjectNode node = (ObjectNode) payload;
                return node.put("number", node.get("number").longValue() + 100);
            });
        }
    }
}
