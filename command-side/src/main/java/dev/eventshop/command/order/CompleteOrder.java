package dev.eventshop.command.order;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Says that a shipped order arrived. */
@AllowedTo(Role.STAFF)
public record CompleteOrder(@TargetAggregateIdentifier OrderId orderId) {}
