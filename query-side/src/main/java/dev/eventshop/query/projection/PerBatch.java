package dev.eventshop.query.projection;

import dev.eventshop.eventstore.ErrorOccurredException;
import java.util.List;
import java.util.function.Function;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Something that lives as long as a batch of events: made at its first use, and written before the batch's transaction
 * is committed. What is written is prepared first, before anybody writes: a transaction that has written something holds
 * back the tail of the event store. A batch is a unit of work of Axon's, whoever has begun it; each thread has its own.
 *
 * @param <B> what the batch works on, used by one thread only
 */
public final class PerBatch<B> {

    private final String key = PerBatch.class.getName() + "@" + Integer.toHexString(System.identityHashCode(this));
    private final Function<List<? extends Message<?>>, B> begin;
    private final Function<B, Runnable> prepare;

    /**
     * @param begin   makes it, given all messages of the batch, so that what they need can be read at once
     * @param prepare called once, in the batch's transaction, when all events are applied; not when the batch is rolled back.
     *                It writes nothing; what it returns does, after that
     */
    public PerBatch(Function<List<? extends Message<?>>, B> begin, Function<B, Runnable> prepare) {
        this.begin = begin;
        this.prepare = prepare;
    }

    /** @throws IllegalStateException outside of a unit of work */
    public B current() {
        UnitOfWork<?> batch = CurrentUnitOfWork.get().root();
        B known = batch.getResource(key);
        if (known != null) {
            return known;
        }
        B begun = begin.apply(messages(batch));
        batch.resources().put(key, begun);
        batch.onPrepareCommit(ending -> {
            try {
                Runnable write = prepare.apply(begun);
                ending.onPrepareCommit(prepared -> run(write));
            } catch (Error e) {
                throw new ErrorOccurredException(e);
            }
        });
        return begun;
    }

    /** What runs while a batch is about to be committed: after an error, Axon 4.13.0 would not roll back. */
    static void run(Runnable step) {
        try {
            step.run();
        } catch (Error e) {
            throw new ErrorOccurredException(e);
        }
    }

    /** @return all messages of a batch, in their order */
    static List<? extends Message<?>> messages(UnitOfWork<?> batch) {
        return batch instanceof BatchingUnitOfWork<?> several ? several.getMessages() : List.of(batch.getMessage());
    }
}
