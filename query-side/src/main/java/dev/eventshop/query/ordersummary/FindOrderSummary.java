package dev.eventshop.query.ordersummary;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.query.http.Viewer;

/** One order. */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record FindOrderSummary(int orderId, Viewer viewer) {}
