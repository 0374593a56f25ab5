package dev.eventshop.query.ordersummary;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.query.http.Viewer;

/**
 * One order.
 *
 * @param fresh whether an answer that was kept for a moment won't do
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record FindOrderSummary(int orderId, Viewer viewer, boolean fresh) {}
