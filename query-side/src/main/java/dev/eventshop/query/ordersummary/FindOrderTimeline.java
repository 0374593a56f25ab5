package dev.eventshop.query.ordersummary;

/** What happened to one order. */
record FindOrderTimeline(int orderId) {}
