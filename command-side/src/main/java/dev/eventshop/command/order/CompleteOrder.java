package dev.eventshop.command.order;

import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Says that a shipped order arrived. */
public record CompleteOrder(@TargetAggregateIdentifier OrderId orderId) {}
