package dev.eventshop.command.order;

import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Promises the customer that the order will be shipped. Once confirmed, again changes nothing. */
public record ConfirmOrder(@TargetAggregateIdentifier OrderId orderId) {}
