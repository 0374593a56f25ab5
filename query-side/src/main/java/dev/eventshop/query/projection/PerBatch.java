package dev.eventshop.query.projection;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Something that lives as long as a batch of events: made at its first use, and written before the batch's transaction
 * is committed. A batch is a unit of work of Axon's, whoever has begun it; each thread has its own.
 *
 * @param <B> what the batch works on, used by one thread only
 */
public final class PerBatch<B> {

    private final String key = PerBatch.class.getName() + "@" + Integer.toHexString(System.identityHashCode(this));
    private final Function<List<? extends Message<?>>, B> begin;
    private final Consumer<B> write;

    /**
     * @param begin makes it, given all messages of the batch, so that what they need can be read at once
     * @param write called once, in the batch's transaction; not when the batch is rolled back
     */
    public PerBatch(Function<List<? extends Message<?>>, B> begin, Consumer<B> write) {
        this.begin = begin;
        this.write = write;
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
        batch.onPrepareCommit(ending -> write.accept(begun));
        return begun;
    }

    private static List<? extends Message<?>> messages(UnitOfWork<?> batch) {
        return batch instanceof BatchingUnitOfWork<?> several ? several.getMessages() : List.of(batch.getMessage());
    }
}
