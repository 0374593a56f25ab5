package dev.eventshop.query.projection;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells of failures to read events, and of the next success. Axon 4.13.0 retries them, and shows nobody but the log what
 * they were.
 */
final class WatchedSource implements StreamableMessageSource<TrackedEventMessage<?>> {

    private final StreamableMessageSource<TrackedEventMessage<?>> events;
    private final Consumer<RuntimeException> failed;
    private final Runnable works;

    WatchedSource(
            StreamableMessageSource<TrackedEventMessage<?>> events, Consumer<RuntimeException> failed, Runnable works) {
        this.events = events;
        this.failed = failed;
        this.works = works;
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken trackingToken) {
        return new WatchedStream(events.openStream(trackingToken));
    }

    @Override
    public TrackingToken createTailToken() {
        return events.createTailToken();
    }

    @Override
    public TrackingToken createHeadToken() {
        return events.createHeadToken();
    }

    private final class WatchedStream implements BlockingStream<TrackedEventMessage<?>> {

        private final BlockingStream<TrackedEventMessage<?>> stream;

        WatchedStream(BlockingStream<TrackedEventMessage<?>> stream) {
            this.stream = stream;
        }

        private <T> T watched(Read<T> read) throws InterruptedException {
            T result;
            try {
                result = read.read();
            } catch (RuntimeException failure) {
                failed.accept(failure);
                throw failure;
            }
            works.run();
            return result;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            try {
                return watched(stream::peek);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e); // peek does not wait
            }
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return watched(() -> stream.hasNextAvailable(timeout, unit));
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            return watched(stream::nextAvailable);
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            return stream.setOnAvailableCallback(callback);
        }

        @Override
        public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
            stream.skipMessagesWithPayloadTypeOf(ignored);
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private interface Read<T> {

        T read() throws InterruptedException;
    }
}
