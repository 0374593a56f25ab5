package dev.eventshop.query.salesstatistics;

import java.util.Optional;

/** Where the projector keeps its figures. Within a batch of events it sees what it has put; it is all written at the end. */
interface SalesFigures {

    Optional<CountedOrder> find(int orderId);

    /** Remembers what was counted for the order. */
    void put(CountedOrder order);

    /** Adds the order's figures to those of its day. */
    void add(CountedOrder order);

    /** Takes the order's figures out of those of its day. */
    void takeOut(CountedOrder order);
}
