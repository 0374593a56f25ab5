package dev.eventshop.query.projection;

import org.axonframework.common.transaction.TransactionManager;
import org.springframework.jdbc.core.JdbcOperations;

/** Makes what writes into the slots of projections. */
public final class Slots {

    private final ParkedEvents parked;
    private final JdbcOperations jdbc;
    private final TransactionManager transactions;

    Slots(ParkedEvents parked, JdbcOperations jdbc, TransactionManager transactions) {
        this.parked = parked;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** @param suspects in whose batches the events are applied one by one, and those that fail are set apart */
    ParkingInvoker invoker(Projection projection, Slot slot, Suspects suspects) {
        return new ParkingInvoker(projection.name(), new SlotHandlers(projection, slot, jdbc), parked, suspects);
    }

    /** @return a writer that sets no event apart by itself */
    public SlotWriter writer(Projection projection, Slot slot) {
        return new SlotWriter(invoker(projection, slot, new Suspects()), transactions);
    }

    /**
     * @return applies an event that was set apart, in the caller's transaction, of which nothing else is lost when it
     *     fails
     */
    public EventRetry retry(Projection projection, Slot slot) {
        return new EventRetry(new SlotHandlers(projection, slot, jdbc));
    }
}
