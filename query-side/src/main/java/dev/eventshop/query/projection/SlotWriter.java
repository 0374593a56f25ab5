package dev.eventshop.query.projection;

import java.util.List;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;

/**
 * Applies events to one slot of a projection, without a processor and its tokens. Several threads may do it at the same
 * time with events of different aggregates, if the projection has more than one segment. Events that are set apart are
 * left out, and so are those behind them.
 */
public final class SlotWriter {

    private final ParkingInvoker handlers;
    private final TransactionManager transactions;

    SlotWriter(ParkingInvoker handlers, TransactionManager transactions) {
        this.handlers = handlers;
        this.transactions = transactions;
    }

    /** @return whether the projection makes something of it */
    public boolean handles(EventMessage<?> event) {
        return handlers.canHandle(event, Segment.ROOT_SEGMENT);
    }

    /**
     * Applies the events in one transaction. All is read, reckoned and put into words before the first row is written.
     *
     * @param batch       in their order, not empty
     * @param beforeWrite runs in the transaction before anything is written; what it throws ends the transaction
     * @throws NotApplied with the cause when a handler, {@code beforeWrite} or the database fails; nothing is written
     */
    public void write(List<? extends EventMessage<?>> batch, Runnable beforeWrite) {
        BatchingUnitOfWork<EventMessage<?>> unit = new BatchingUnitOfWork<>(List.copyOf(batch));
        unit.attachTransaction(transactions);
        unit.onPrepareCommit(preparing -> preparing.onPrepareCommit(prepared -> PerBatch.run(beforeWrite)));
        ResultMessage<?> result = unit.executeWithResult(() -> {
            handlers.handle(unit.getMessage(), Segment.ROOT_SEGMENT);
            return null;
        });
        if (result.isExceptional()) {
            throw new NotApplied(unit.getMessage(), result.exceptionResult());
        }
    }
}
