package dev.eventshop.query.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RowBufferTest {

    private final List<Set<Integer>> reads = new ArrayList<>();
    private final Map<Integer, String> table = new HashMap<>(Map.of(1, "one", 2, "two"));

    private Map<Integer, String> load(Collection<Integer> keys) {
        reads.add(new TreeSet<>(keys));
        Map<Integer, String> found = new HashMap<>(table);
        found.keySet().retainAll(keys);
        return found;
    }

    @Nested
    class Rows {

        private final RowBuffer<String> buffer = new RowBuffer<>(Set.of(1, 3), RowBufferTest.this::load);

        @Test
        void thatAreForeseenAreReadAtOnceAndOnce() {
            assertThat(buffer.find(1)).contains("one");
            assertThat(buffer.find(3)).isEmpty();
            assertThat(buffer.find(1)).contains("one");

            assertThat(reads).containsExactly(Set.of(1, 3));
        }

        @Test
        void thatAreNotForeseenAreReadWhenAsked() {
            assertThat(buffer.find(1)).contains("one");
            assertThat(buffer.find(2)).contains("two");

            assertThat(reads).containsExactly(Set.of(1, 3), Set.of(2));
        }

        @Test
        void areSeenAsTheyWerePut() {
            buffer.put(1, "uno");

            assertThat(buffer.find(1)).contains("uno");
            assertThat(buffer.find(3)).isEmpty();
            assertThat(buffer.find(1)).contains("uno");
        }

        @Test
        void thatChangedAreGivenOnceInTheirOrder() {
            buffer.put(3, "three");
            buffer.put(1, "uno");
            buffer.put(3, "tre");
            buffer.find(2);

            assertThat(buffer.changed()).containsExactly("uno", "tre");
        }

        @Test
        void areNewWhenTheTableHasBeenFoundNotToHaveThem() {
            buffer.find(1);
            buffer.put(4, "four"); // nobody has looked
            buffer.put(3, "three");
            buffer.put(1, "uno");

            assertThat(buffer.added()).containsExactly("three");
            assertThat(buffer.updated()).containsExactly("uno", "four");
        }
    }

    @Nested
    class Numbers {

        @Test
        void areThoseOfOneTypeOfAggregate() {
            assertThat(RowBuffer.numbersOf(
                            "Order",
                            List.of(
                                    new GenericDomainEventMessage<>("Order", "order-17", 0, "a"),
                                    new GenericDomainEventMessage<>("Order", "order-17", 1, "b"),
                                    new GenericDomainEventMessage<>("Order", "order-4", 0, "c"),
                                    new GenericDomainEventMessage<>("Product", "product-5", 0, "d"),
                                    new GenericEventMessage<>("e"))))
                    .containsExactlyInAnyOrder(17, 4);
        }
    }

    @Nested
    class Batches {

        private final List<String> log = new ArrayList<>();
        private final PerBatch<StringBuilder> perBatch = new PerBatch<>(
                messages -> {
                    log.add("begin " + messages.size());
                    return new StringBuilder();
                },
                batch -> {
                    log.add("prepare " + batch);
                    return () -> log.add("write");
                });

        @Test
        void shareOneObjectThatIsWrittenOnceBeforeTheCommit() {
            BatchingUnitOfWork<GenericEventMessage<String>> batch =
                    new BatchingUnitOfWork<>(new GenericEventMessage<>("a"), new GenericEventMessage<>("b"));
            batch.onCommit(committing -> log.add("commit"));
            batch.executeWithResult(
                    () -> perBatch.current().append(batch.getMessage().getPayload()));

            assertThat(log).containsExactly("begin 2", "prepare ab", "write", "commit");
        }

        @Test
        void areAllPreparedBeforeTheFirstIsWritten() {
            PerBatch<String> another = new PerBatch<>(messages -> "another", batch -> {
                log.add("prepare another");
                return () -> log.add("write another");
            });
            DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("a")).execute(() -> {
                perBatch.current();
                another.current();
            });

            assertThat(log).containsExactly("begin 1", "prepare ", "prepare another", "write", "write another");
        }

        @Test
        void areNotWrittenWhenTheyFail() {
            BatchingUnitOfWork<GenericEventMessage<String>> batch =
                    new BatchingUnitOfWork<>(new GenericEventMessage<>("a"), new GenericEventMessage<>("b"));
            batch.executeWithResult(() -> {
                perBatch.current().append(batch.getMessage().getPayload());
                if (batch.isLastMessage()) {
                    throw new IllegalStateException("no");
                }
                return null;
            });

            assertThat(batch.isRolledBack()).isTrue();
            assertThat(log).containsExactly("begin 2");
        }

        @Test
        void ofOneMessageWorkAsWell() {
            DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("a"))
                    .execute(() -> perBatch.current().append("x"));

            assertThat(log).containsExactly("begin 1", "prepare x", "write");
        }

        @Test
        void areNeeded() {
            assertThatThrownBy(perBatch::current).isInstanceOf(IllegalStateException.class);
        }
    }
}
