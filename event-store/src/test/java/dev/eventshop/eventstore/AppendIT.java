package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static dev.eventshop.eventstore.Counted.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AppendIT {

    private static TestStore store;

    @BeforeAll
    static void start() {
        store = TestStore.create();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    private static String newAggregate() {
        return "counter-" + UUID.randomUUID();
    }

    @Nested
    class AnAppend {

        @Test
        void keepsWhatItWasGiven() {
            String id = newAggregate();
            DomainEventMessage<Counted> event = event(id, 0, Instant.parse("2026-11-24T08:30:00.123456Z"));

            store.append(event);

            assertThat(store.events.readStream(id, 0)).singleElement().satisfies(row -> {
                assertThat(row.eventId()).hasToString(event.getIdentifier());
                assertThat(row.aggregateType()).isEqualTo("Counter");
                assertThat(row.type()).isEqualTo("Counted");
                assertThat(row.revision()).isEqualTo("1.0");
                assertThat(row.time()).isEqualTo("2026-11-24T08:30:00.123456Z");
                assertThat(row.payload()).isEqualTo("{\"number\":0}");
                assertThat(row.metadata()).isEqualTo("{\"correlationId\":\"c-0\"}");
                assertThat(row.position().epoch()).isEqualTo(1);
            });
        }

        @Test
        void keepsTheOrderOfItsEvents() {
            String id = newAggregate();

            store.append(events(id, 0, 50));

            List<StoredEvent> rows = store.events.readStream(id, 0);
            assertThat(rows).extracting(StoredEvent::sequenceNumber).isSorted().hasSize(50);
            assertThat(rows).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
        }

        @Test
        void mayHaveMoreEventsThanAStatementHasParameters() {
            String id = newAggregate();

            store.append(events(id, 0, 20_000));

            assertThat(store.events.headOf(id))
                    .hasValueSatisfying(
                            head -> assertThat(head.sequenceNumber()).isEqualTo(19_999));
            assertThat(store.events.readStream(id, 19_000)).hasSize(1_000);
        }

        @Test
        void ofNothingDoesNothing() {
            store.engine.appendEvents(List.of());
        }

        @Test
        void isRefusedForEventsOfNoAggregate() {
            assertThatThrownBy(() -> store.append(GenericEventMessage.asEventMessage(new Counted(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Counted.class.getName());
        }

        @Test
        void goesAwayWithItsTransaction() {
            String id = newAggregate();

            store.transactions.executeWithoutResult(status -> {
                store.engine.appendEvents(event(id, 0));
                status.setRollbackOnly();
            });

            assertThat(store.events.headOf(id)).isEmpty();
        }
    }

    @Nested
    class AVersionThatIsTaken {

        @Test
        void isAConflict() {
            String id = newAggregate();
            store.append(event(id, 0), event(id, 1));

            assertThatThrownBy(() -> store.append(event(id, 1)))
                    .isInstanceOf(ConcurrencyException.class)
                    .isNotInstanceOf(AggregateStreamCreationException.class);
            assertThat(store.events.readStream(id, 0)).hasSize(2);
        }

        @Test
        void isADuplicateCreationAtTheBeginning() {
            String id = newAggregate();
            store.append(event(id, 0));

            assertThatThrownBy(() -> store.append(event(id, 0))).isInstanceOf(AggregateStreamCreationException.class);
        }

        @Test
        void isToldByTheEventThatCollides() {
            String existing = newAggregate();
            store.append(event(existing, 0), event(existing, 1));

            assertThatThrownBy(() -> store.append(event(newAggregate(), 0), event(existing, 1)))
                    .isInstanceOf(ConcurrencyException.class)
                    .isNotInstanceOf(AggregateStreamCreationException.class);
        }

        @Test
        void isAConflictForAllButOneOfManyWriters() throws Exception {
            String id = newAggregate();
            store.append(event(id, 0));
            int writers = 20;
            int rounds = 1_000;
            List<String> acknowledged = new ArrayList<>();
            ExecutorService executor = Executors.newFixedThreadPool(writers);
            try {
                CyclicBarrier round = new CyclicBarrier(writers);
                Callable<List<String>> writer = () -> {
                    List<String> mine = new ArrayList<>();
                    for (int i = 0; i < rounds; i++) {
                        long next = store.events.headOf(id).orElseThrow().sequenceNumber() + 1;
                        round.await();
                        DomainEventMessage<Counted> event = event(id, next);
                        try {
                            store.append(event);
                            mine.add(event.getIdentifier());
                        } catch (ConcurrencyException lost) {
                            // somebody else was first
                        }
                    }
                    return mine;
                };
                List<Future<List<String>>> results = executor.invokeAll(
                        Stream.generate(() -> writer).limit(writers).toList());
                for (Future<List<String>> result : results) {
                    acknowledged.addAll(result.get());
                }
            } finally {
                executor.shutdownNow();
            }

            List<StoredEvent> stored = store.events.readStream(id, 1);
            assertThat(stored)
                    .extracting(row -> row.eventId().toString())
                    .containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(stored)
                    .extracting(StoredEvent::sequenceNumber)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, stored.size()).boxed().toList());
            assertThat(stored).hasSizeGreaterThanOrEqualTo(rounds);
        }
    }

    @Nested
    class TheReceipt {

        @Test
        void saysWhatTheRootUnitOfWorkHasAppended() {
            String one = newAggregate();
            String other = newAggregate();
            UnitOfWork<?> root = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("root"));
            UnitOfWork<?> nested = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("nested"));
            store.append(events(one, 0, 3));
            nested.commit();
            store.append(event(other, 0));

            AppendReceipt receipt = root.getResource(AppendReceipt.RESOURCE);
            root.commit();

            assertThat(receipt.versions()).isEqualTo(Map.of(one, 2L, other, 0L));
            assertThat(receipt.last())
                    .isEqualTo(store.events.headOf(other).orElseThrow().position());
        }

        @Test
        void isNotNeeded() {
            String id = newAggregate();

            store.append(new GenericDomainEventMessage<>("Counter", id, 0, new Counted(0)));

            assertThat(store.events.headOf(id)).isPresent();
        }
    }
}
