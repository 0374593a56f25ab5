package dev.eventshop.command.order;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Says that a confirmed order is on its way. */
@AllowedTo(Role.STAFF)
public record ShipOrder(@TargetAggregateIdentifier OrderId orderId) {}
