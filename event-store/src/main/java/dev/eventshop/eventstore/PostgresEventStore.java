package dev.eventshop.eventstore;

import org.axonframework.common.AxonConfigurationException;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventBusSpanFactory;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.monitoring.MessageMonitor;
import org.jspecify.annotations.Nullable;

/**
 * Axon's event store on {@link PostgresEventStorageEngine}. Streams are woken by the {@link TailMonitor}, so that
 * processors in this JVM see an event as soon as it lies below the horizon, and read the database only when there is
 * something to read.
 */
public final class PostgresEventStore extends AbstractEventStore {

    private final PostgresEventStorageEngine engine;
    private final EventLog events;
    private final StoredEventMessages messages;
    private final TailMonitor monitor;
    private final int pageSize;

    private PostgresEventStore(Builder builder) {
        super(builder);
        this.engine = (PostgresEventStorageEngine) storageEngine();
        this.events = builder.events;
        this.messages = builder.messages;
        this.monitor = builder.monitor;
        this.pageSize = builder.pageSize;
    }

    static Builder builder(EventLog events, StoredEventMessages messages, TailMonitor monitor, int pageSize) {
        return new Builder(events, messages, monitor, pageSize);
    }

    /** Snapshot and events come with one query. */
    @Override
    public DomainEventStream readEvents(String aggregateIdentifier) {
        return DomainEventStream.concat(
                engine.readFromSnapshot(aggregateIdentifier),
                DomainEventStream.of(stagedDomainEventMessages(aggregateIdentifier)));
    }

    /** @throws AheadOfStoreException when the token is of events that the store does not have */
    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken trackingToken) {
        return openStream(trackingToken, messages);
    }

    private BlockingStream<TrackedEventMessage<?>> openStream(
            @Nullable TrackingToken trackingToken, StoredEventMessages readable) {
        Position from = PostgresEventStorageEngine.position(trackingToken);
        try {
            events.requireKnown(from, "A reader");
        } catch (Error e) { // a processor would not survive it
            throw new ErrorOccurredException(e);
        }
        return new TailEventStream(events, readable, monitor, pageSize, from);
    }

    /** @return the same tail, for readers that set apart what can't be read, see {@link StoredEventMessages#withUnreadable()} */
    public StreamableMessageSource<TrackedEventMessage<?>> withUnreadable() {
        StoredEventMessages all = messages.withUnreadable();
        return new StreamableMessageSource<>() {
            @Override
            public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken trackingToken) {
                return PostgresEventStore.this.openStream(trackingToken, all);
            }

            @Override
            public TrackingToken createTailToken() {
                return PostgresEventStore.this.createTailToken();
            }

            @Override
            public TrackingToken createHeadToken() {
                return PostgresEventStore.this.createHeadToken();
            }
        };
    }

    /** What a store is made of. */
    static final class Builder extends AbstractEventStore.Builder {

        private final EventLog events;
        private final StoredEventMessages messages;
        private final TailMonitor monitor;
        private final int pageSize;

        private Builder(EventLog events, StoredEventMessages messages, TailMonitor monitor, int pageSize) {
            this.events = events;
            this.messages = messages;
            this.monitor = monitor;
            this.pageSize = pageSize;
        }

        @Override
        public Builder storageEngine(EventStorageEngine storageEngine) {
            super.storageEngine(storageEngine);
            return this;
        }

        @Override
        public Builder messageMonitor(MessageMonitor<? super EventMessage<?>> messageMonitor) {
            super.messageMonitor(messageMonitor);
            return this;
        }

        @Override
        public Builder spanFactory(EventBusSpanFactory spanFactory) {
            super.spanFactory(spanFactory);
            return this;
        }

        PostgresEventStore build() {
            validate();
            if (!(storageEngine instanceof PostgresEventStorageEngine)) {
                throw new AxonConfigurationException("the store needs an engine of its own kind");
            }
            return new PostgresEventStore(this);
        }
    }
}
