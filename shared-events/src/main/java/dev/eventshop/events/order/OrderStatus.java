package dev.eventshop.events.order;

/** States of an order. The constants' names are what stands in events and answers. */
public enum OrderStatus {
    /** Placed; stock is not reserved yet. */
    PENDING,
    /** All stock is reserved. */
    CONFIRMED,
    /** On its way to the customer. */
    SHIPPED,
    /** Arrived. Final. */
    COMPLETED,
    /** Called off before shipping. Final. */
    CANCELLED
}
