package dev.eventshop.events.order;

/** A fact about one order. */
public sealed interface OrderEvent
        permits OrderCreatedEvent, OrderStatusChangedEvent, OrderCancelledEvent, OrderCompletedEvent {

    /** @return number of the order the fact is about, positive */
    int orderId();
}
