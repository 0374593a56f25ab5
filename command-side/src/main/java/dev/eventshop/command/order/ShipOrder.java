package dev.eventshop.command.order;

import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Says that a confirmed order is on its way. */
public record ShipOrder(@TargetAggregateIdentifier OrderId orderId) {}
