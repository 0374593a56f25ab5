package dev.eventshop.command.order;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Calls an order off that is not shipped yet.
 *
 * @param reason for the customer to read, not blank
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
public record CancelOrder(@TargetAggregateIdentifier OrderId orderId, String reason) {}
