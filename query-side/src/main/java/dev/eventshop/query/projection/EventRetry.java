package dev.eventshop.query.projection;

import dev.eventshop.eventstore.StoredEvent;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;

/** Applies events that were set apart to one slot of a projection. */
public final class EventRetry {

    private final SlotHandlers handlers;

    EventRetry(SlotHandlers handlers) {
        this.handlers = handlers;
    }

    /**
     * Applies the event in the caller's transaction, of which nothing else is lost when it fails.
     *
     * @throws RuntimeException when the database is away; the transaction is to be rolled back
     */
    public Optional<Failure> apply(DomainEventMessage<?> event) {
        return handlers.tryAlone(event).map(cause -> Failure.of(event, cause));
    }

    /** As {@link #apply}, without what the event says, which is not read: the view goes on as if it had been applied. */
    public Optional<Failure> pass(StoredEvent event) {
        return apply(SlotHandlers.discarded(event));
    }

    /**
     * Why an event could not be applied.
     *
     * @param errorClass name of the exception's class
     * @param error      for operators
     * @param stackTrace where it failed, see {@link StackTrace}
     */
    public record Failure(String errorClass, String error, String stackTrace) {

        static Failure of(DomainEventMessage<?> event, Throwable cause) {
            return of(SegmentFailure.of(event, cause), cause);
        }

        /** @param cause what kept the event from being tried at all */
        public static Failure of(Throwable cause) {
            return of(SegmentFailure.of(null, cause), cause);
        }

        private static Failure of(SegmentFailure failure, Throwable cause) {
            return new Failure(
                    SegmentFailure.root(cause).getClass().getSimpleName(), failure.error(), StackTrace.of(cause));
        }
    }
}
