package dev.eventshop.messaging.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.PublicationFailed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final long FIRST = 101;
    private static final Duration SOON = Duration.ofMillis(50);

    private final Batch batch = new Batch(messages("a", "b", "c", "d"), FIRST);

    private static List<Publication> messages(String... ids) {
        List<Publication> messages = new ArrayList<>();
        for (String id : ids) {
            messages.add(new Publication(
                    "key-" + id,
                    true,
                    new AMQP.BasicProperties.Builder().messageId(id).build(),
                    new byte[0]));
        }
        return messages;
    }

    private static void write(Batch batch, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(batch.beforeWriting()).isTrue();
        }
    }

    private static void writeAll(Batch batch) {
        write(batch, batch.messages().size());
        batch.writingEnded();
    }

    private PublicationFailed failure() {
        PublicationFailed failure = catchThrowableOfType(PublicationFailed.class, () -> batch.await(SOON));
        assertThat(failure).isNotNull();
        return failure;
    }

    @AfterEach
    void interruptedNoMore() {
        Thread.interrupted();
    }

    @Nested
    class Succeeds {

        @Test
        void whenEachMessageIsConfirmed() throws Exception {
            writeAll(batch);
            for (long tag : new long[] {102, 101, 104, 103}) {
                batch.settle(tag, false, true);
            }
            batch.await(SOON);
        }

        @Test
        void whenAllAreConfirmedTogether() throws Exception {
            writeAll(batch);
            batch.settle(102, true, true);
            batch.settle(104, true, true);
            batch.await(SOON);
        }

        @Test
        void whenTheBrokerConfirmsWhateverThereIs() throws Exception {
            writeAll(batch);
            batch.settle(0, true, true);
            batch.await(SOON);
        }

        @Test
        void whenConfirmationsOverlap() throws Exception {
            writeAll(batch);
            batch.settle(103, false, true);
            batch.settle(103, true, true);
            batch.settle(104, true, true);
            batch.await(SOON);
        }
    }

    @Nested
    class Fails {

        @Test
        void whenNoConfirmationComes() {
            writeAll(batch);
            batch.settle(101, false, true);
            batch.settle(103, false, true);
            PublicationFailed failure = failure();
            assertThat(failure.confirmed()).isEqualTo(1);
            assertThat(failure).hasMessageContaining("has not confirmed within 50 ms");
        }

        @Test
        void whenOneIsReturnedThoughItIsConfirmed() {
            writeAll(batch);
            batch.returned("c", "key-c", "NO_ROUTE");
            batch.settle(104, true, true);
            PublicationFailed failure = failure();
            assertThat(failure.confirmed()).isEqualTo(2);
            assertThat(failure).hasMessageContaining("key-c").hasMessageContaining("NO_ROUTE");
        }

        @Test
        void whenOneIsRefusedBeforeItIsReturned() {
            writeAll(batch);
            batch.settle(102, true, true);
            batch.settle(103, false, false);
            batch.returned("c", "key-c", "No Route");
            batch.settle(104, false, true);
            assertThat(failure().confirmed()).isEqualTo(2);
        }

        @Test
        void whenTheLastOfTwoWithOneIdIsReturned() {
            Batch twins = new Batch(messages("a", "b", "a"), FIRST);
            writeAll(twins);
            twins.settle(102, true, true);
            twins.returned("a", "key-a", "NO_ROUTE");
            twins.settle(103, false, true);
            PublicationFailed failure = catchThrowableOfType(PublicationFailed.class, () -> twins.await(SOON));
            assertThat(failure.confirmed()).isEqualTo(2);
        }

        @Test
        void whenSomethingUnknownIsReturned() {
            writeAll(batch);
            batch.returned("z", "key-z", "NO_ROUTE");
            batch.settle(104, true, true);
            assertThat(failure()).hasMessageContaining("not of this batch");
        }

        @Test
        void whenTheConnectionIsLost() {
            write(batch, 2);
            batch.settle(101, false, true);
            IllegalStateException cause = new IllegalStateException();
            batch.lost("lost", cause);
            PublicationFailed failure = failure();
            assertThat(failure.confirmed()).isEqualTo(1);
            assertThat(failure).hasMessage("lost").hasCause(cause);
        }

        @Test
        void whenTheWaitingThreadIsInterrupted() {
            writeAll(batch);
            Thread.currentThread().interrupt();
            assertThat(failure()).hasMessageContaining("interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }

        @Test
        void andWritesNoFurther() {
            write(batch, 2);
            batch.settle(101, false, false);
            assertThat(batch.beforeWriting()).isFalse();
            batch.writingEnded();
            batch.settle(102, false, true);
            assertThat(failure().confirmed()).isZero();
        }

        @Test
        void onlyWhenWhatWasWrittenBeforeIsSettled() {
            write(batch, 3);
            batch.settle(103, false, false);
            batch.writingEnded();
            batch.settle(102, true, true);
            assertThat(failure().confirmed()).isEqualTo(2);
        }
    }

    @Test
    void countsWhatHasBecomeOfTheMessages() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        write(batch, 3);
        batch.returned("b", "key-b", "NO_ROUTE");
        batch.settle(102, true, true);
        batch.count(new PublishingMeters(registry));
        assertThat(count(registry, "confirmed", "a")).isEqualTo(1);
        assertThat(count(registry, "confirmed", "b")).isZero();
        assertThat(count(registry, "returned", "b")).isEqualTo(1);
        assertThat(count(registry, "published", "c")).isEqualTo(1);
        assertThat(count(registry, "confirmed", "c")).isZero();
        assertThat(registry.find("eventshop.messaging.published")
                        .tag("routing.key", "key-d")
                        .counter())
                .isNull();
    }

    private static double count(SimpleMeterRegistry registry, String name, String id) {
        return registry.get("eventshop.messaging." + name)
                .tag("routing.key", "key-" + id)
                .counter()
                .count();
    }
}
