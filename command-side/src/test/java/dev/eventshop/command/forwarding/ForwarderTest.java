package dev.eventshop.command.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.eventstore.Position;
import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.OutboundMessage;
import dev.eventshop.messaging.PublicationFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;

class ForwarderTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    /** Texts are public events when they begin with a p. */
    private final List<String> store = new CopyOnWriteArrayList<>();

    private final List<String> published = new CopyOnWriteArrayList<>();
    private final Queue<PublicationFailed> failures = new ArrayDeque<>();
    private final InMemoryTokenStore tokens = new InMemoryTokenStore();
    private final ConfirmedPublisher publisher = batch -> {
        PublicationFailed failure = failures.poll();
        batch.stream()
                .limit(failure == null ? batch.size() : failure.confirmed())
                .forEach(message -> published.add(message.messageId()));
        if (failure != null) {
            throw failure;
        }
    };
    private final Forwarder forwarder = new Forwarder(
            new Store(),
            event -> Optional.of((String) event.getPayload())
                    .filter(text -> text.startsWith("p"))
                    .map(text -> new OutboundMessage("key", true, text, new Message(new byte[0]))),
            publisher,
            tokens,
            new ForwarderProperties(100, Duration.ofSeconds(5), Duration.ofMillis(10), Duration.ofMillis(50)),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @AfterEach
    void stop() {
        forwarder.stop();
    }

    private void awaitPosition(int index) {
        await().untilAsserted(
                        () -> assertThat(tokens.fetchToken(Forwarder.NAME, 0)).isEqualTo(position(index)));
    }

    private static Position position(int index) {
        return new Position(1, 1, index);
    }

    @Test
    void movesItsPositionOverPublicAndInternalEvents() {
        store.addAll(List.of("i0", "p1", "i2", "p3", "i4"));
        forwarder.start();
        awaitPosition(5);
        assertThat(published).containsExactly("p1", "p3");
        assertThat(forwarder.state()).isEqualTo(new ForwarderState(true, NOW, 2, null));
    }

    @Test
    void sendsAgainFromTheFirstMessageThatWasNotConfirmed() {
        failures.add(new PublicationFailed(1, "no route", null));
        store.addAll(List.of("p0", "i1", "p2", "p3"));
        forwarder.start();
        awaitPosition(4);
        assertThat(published).containsExactly("p0", "p2", "p3");
    }

    @Test
    void staysBeforeAMessageThatIsNeverConfirmedAndTellsWhy() {
        IntStream.range(0, 10_000).forEach(i -> failures.add(new PublicationFailed(0, "no route", null)));
        store.addAll(List.of("i0", "p1", "i2"));
        forwarder.start();
        await().untilAsserted(() -> assertThat(forwarder.state().error()).isEqualTo("no route"));
        await().until(() -> failures.size() < 9_995);
        assertThat(tokens.fetchToken(Forwarder.NAME, 0)).isEqualTo(position(1));
        assertThat(published).isEmpty();

        failures.clear();
        awaitPosition(3);
        assertThat(published).containsExactly("p1");
        await().untilAsserted(() -> assertThat(forwarder.state().error()).isNull());
    }

    @Test
    void doesNotPassAnEventThatCannotBeRead() {
        store.addAll(List.of("p0", "unreadable", "p2"));
        forwarder.start();
        await().untilAsserted(() -> assertThat(forwarder.state().error()).isEqualTo("can't be read"));
        awaitPosition(1);
        assertThat(published).containsExactly("p0");

        store.set(1, "i1");
        awaitPosition(3);
        assertThat(published).containsExactly("p0", "p2");
    }

    /** The position of an event is its index and one. */
    private final class Store implements StreamableMessageSource<TrackedEventMessage<?>> {

        @Override
        public BlockingStream<TrackedEventMessage<?>> openStream(TrackingToken token) {
            return new From((int) ((Position) token).globalIndex());
        }
    }

    private final class From implements BlockingStream<TrackedEventMessage<?>> {

        private int next;

        From(int next) {
            this.next = next;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            if (next >= store.size() && timeout > 0) {
                unit.sleep(Math.min(timeout, 5));
            }
            return next < store.size();
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() {
            String text = store.get(next);
            if (text.equals("unreadable")) {
                throw new IllegalStateException("can't be read");
            }
            next++;
            return new GenericTrackedEventMessage<>(position(next), GenericEventMessage.asEventMessage(text));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
