package dev.eventshop.query.projection;

import dev.eventshop.query.projection.ParkedEvents.Letter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies events to a slot, except those of aggregates of which one is set apart already: they are set apart behind it, in
 * the transaction of the batch.
 *
 * <p>In a batch that may hold an event that can't be applied, each event is applied and written alone, and the one that
 * fails is set apart.
 */
final class ParkingInvoker implements EventHandlerInvoker {

    private static final Logger log = LoggerFactory.getLogger(ParkingInvoker.class);

    private final String projection;
    private final SlotHandlers handlers;
    private final ParkedEvents parked;
    private final Suspects suspects;
    private final PerBatch<Batch> batches;

    ParkingInvoker(String projection, SlotHandlers handlers, ParkedEvents parked, Suspects suspects) {
        this.projection = projection;
        this.handlers = handlers;
        this.parked = parked;
        this.suspects = suspects;
        this.batches = new PerBatch<>(this::begin, batch -> () -> parked.park(projection, batch.letters));
    }

    private Batch begin(List<? extends Message<?>> messages) {
        TreeSet<String> aggregates = new TreeSet<>();
        for (Message<?> message : messages) {
            aggregates.add(((DomainEventMessage<?>) message).getAggregateIdentifier());
        }
        return new Batch((DomainEventMessage<?>) messages.get(0), parked.of(projection, aggregates));
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return handlers.canHandle(event, segment);
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return handlers.canHandleType(payloadType);
    }

    @Override
    public void handle(EventMessage<?> message, Segment segment) throws Exception {
        DomainEventMessage<?> event = (DomainEventMessage<?>) message;
        Batch batch = batches.current();
        ParkedSequence sequence = batch.sequenceOf(event);
        long number = event.getSequenceNumber();
        if (sequence.holds(number)) {
            return;
        }
        if (sequence.isBefore(number)) {
            batch.park(event, null);
            return;
        }
        DomainEventMessage<?> applied = sequence.passed().contains(number) ? SlotHandlers.discarded(event) : event;
        if (batch.isSuspect(segment)) {
            Optional<Throwable> failure = handlers.tryAlone(applied);
            failure.ifPresent(cause -> batch.park(event, cause));
        } else {
            handlers.handle(applied, segment);
        }
    }

    @Override
    public boolean supportsReset() {
        return false;
    }

    private final class Batch {

        private final DomainEventMessage<?> first;
        private final Map<String, ParkedSequence> sequences;
        private final List<Letter> letters = new ArrayList<>();
        private @Nullable Boolean suspect;

        Batch(DomainEventMessage<?> first, Map<String, ParkedSequence> sequences) {
            this.first = first;
            this.sequences = sequences;
        }

        ParkedSequence sequenceOf(DomainEventMessage<?> event) {
            return sequences.getOrDefault(event.getAggregateIdentifier(), ParkedSequence.NONE);
        }

        /** @param cause null for an event that waits for those before it */
        void park(DomainEventMessage<?> event, @Nullable Throwable cause) {
            Letter letter = Letter.of(event, cause);
            if (cause != null) {
                log.warn("{} can't apply an event, and sets it apart. {}", projection, letter.error());
                log.debug("Cause", cause);
            }
            letters.add(letter);
            sequences.put(event.getAggregateIdentifier(), sequenceOf(event).with(event.getSequenceNumber()));
        }

        /** Of all events or none: one that is written at once must not come after one of the same row that is not. */
        boolean isSuspect(Segment segment) {
            if (suspect == null) {
                suspect = suspects.include(segment, first);
            }
            return suspect;
        }
    }
}
