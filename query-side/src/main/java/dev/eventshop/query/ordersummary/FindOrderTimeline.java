package dev.eventshop.query.ordersummary;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.query.http.Viewer;

/** What happened to one order. */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record FindOrderTimeline(int orderId, Viewer viewer) {}
