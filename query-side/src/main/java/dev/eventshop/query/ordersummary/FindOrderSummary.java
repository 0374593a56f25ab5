package dev.eventshop.query.ordersummary;

/** One order. */
record FindOrderSummary(int orderId) {}
