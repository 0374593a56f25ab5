package dev.eventshop.query.ordersummary;

import java.util.Optional;

/** Where the projector keeps orders. Within a batch of events it sees what it has put; it is all written at the end. */
interface OrderSummaries {

    Optional<OrderSummary> find(int orderId);

    /** Adds the order, or overwrites what is known of it. */
    void put(OrderSummary order);

    /** Adds an entry to the order's timeline; one of the same version must not be there yet. */
    void record(int orderId, OrderTimelineEntry entry);
}
