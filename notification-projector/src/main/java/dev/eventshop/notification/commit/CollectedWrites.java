package dev.eventshop.notification.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a transaction writes for each of its messages, written for all of them at once, right before the commit: one
 * statement in place of many. Without a transaction it is written at once.
 */
public final class CollectedWrites<T> {

    private final int order;
    private final Consumer<List<T>> write;

    /**
     * @param order which of several comes first: the one with the smaller number, from 0
     * @param write joins the running transaction, and is never given an empty list
     */
    public CollectedWrites(int order, Consumer<List<T>> write) {
        this.order = Ordered.HIGHEST_PRECEDENCE + order;
        this.write = write;
    }

    /**
     * Writes that before the running transaction's commit, in the order of the calls.
     *
     * @throws IllegalStateException when the transaction has written it by now
     */
    public void add(T item) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            write.accept(List.of(item));
            return;
        }
        @SuppressWarnings("unchecked")
        Collected collected = (Collected) TransactionSynchronizationManager.getResource(this);
        if (collected == null) {
            collected = new Collected();
            TransactionSynchronizationManager.bindResource(this, collected);
            TransactionSynchronizationManager.registerSynchronization(collected);
        }
        if (collected.written) {
            throw new IllegalStateException("the transaction is at its end, and has written what was collected");
        }
        collected.items.add(item);
    }

    private final class Collected implements TransactionSynchronization {

        private final List<T> items = new ArrayList<>();
        private boolean written;

        @Override
        public void beforeCommit(boolean readOnly) {
            written = true;
            write.accept(List.copyOf(items));
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(CollectedWrites.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(CollectedWrites.this, this);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResource(CollectedWrites.this);
        }

        @Override
        public int getOrder() {
            return order;
        }
    }
}
