package dev.eventshop.query.projection;

import dev.eventshop.eventstore.ErrorOccurredException;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.web.DatabaseFailures;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** A projector that writes into one slot. */
final class SlotHandlers {

    private final SimpleEventHandlerInvoker handlers;
    private final JdbcOperations jdbc;

    SlotHandlers(Projection projection, Slot slot, JdbcOperations jdbc) {
        this.handlers = SimpleEventHandlerInvoker.builder()
                .eventHandlers(projection.projector().apply(slot))
                .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                .build();
        this.jdbc = jdbc;
    }

    boolean canHandle(EventMessage<?> event, Segment segment) {
        return handlers.canHandle(event, segment);
    }

    boolean canHandleType(Class<?> payloadType) {
        return handlers.canHandleType(payloadType);
    }

    /** Applies the event in the current unit of work; what it changes may be written at the end of that only. */
    void handle(EventMessage<?> event, Segment segment) throws Exception {
        handlers.handle(event, segment);
    }

    /** @return what stands for the event when it is passed over; nothing of it is read, since that may be what failed */
    static DomainEventMessage<DiscardedEvent> discarded(DomainEventMessage<?> event) {
        return discarded(
                event.getType(),
                event.getAggregateIdentifier(),
                event.getSequenceNumber(),
                event.getIdentifier(),
                event.getTimestamp());
    }

    static DomainEventMessage<DiscardedEvent> discarded(StoredEvent event) {
        return discarded(
                event.aggregateType(),
                event.aggregateId(),
                event.sequenceNumber(),
                event.eventId().toString(),
                event.time());
    }

    private static DomainEventMessage<DiscardedEvent> discarded(
            String type, String id, long sequenceNumber, String eventId, Instant time) {
        return new GenericDomainEventMessage<>(
                type,
                id, // product-17
                sequenceNumber,
                new DiscardedEvent(Integer.parseInt(id.substring(id.lastIndexOf('-') + 1))),
                MetaData.emptyInstance(),
                eventId,
                time);
    }

    /**
     * Applies and writes one event in the caller's transaction, apart from everything else in it: when it can't be applied
     * nothing of it is written, and the transaction can go on.
     *
     * @return why it could not be applied; empty when it was
     * @throws RuntimeException when that says nothing of the event: the database is away, or there is no memory. The
     *     transaction is to be rolled back
     */
    Optional<Throwable> tryAlone(EventMessage<?> event) {
        jdbc.execute("savepoint before_event");
        UnitOfWork<?> outer = CurrentUnitOfWork.isStarted() ? CurrentUnitOfWork.get() : null;
        Throwable failure = outer == null ? apply(event) : without(outer, event);
        if (failure == null) {
            jdbc.execute("release savepoint before_event");
            return Optional.empty();
        }
        if (DatabaseFailures.isUnavailable(failure) || ErrorOccurredException.isOfMemory(failure)) {
            throw new IllegalStateException(failure);
        }
        jdbc.execute("rollback to savepoint before_event");
        jdbc.execute("release savepoint before_event");
        return Optional.of(failure);
    }

    private @Nullable Throwable without(UnitOfWork<?> outer, EventMessage<?> event) {
        CurrentUnitOfWork.clear(outer);
        try {
            return apply(event);
        } finally {
            CurrentUnitOfWork.set(outer);
        }
    }

    private @Nullable Throwable apply(EventMessage<?> event) {
        BatchingUnitOfWork<EventMessage<?>> unit = new BatchingUnitOfWork<>(List.of(event));
        ResultMessage<?> result = unit.executeWithResult(() -> {
            handle(event, Segment.ROOT_SEGMENT);
            return null;
        });
        return result.isExceptional() ? result.exceptionResult() : null;
    }
}
