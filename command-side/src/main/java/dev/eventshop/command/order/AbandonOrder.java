package dev.eventshop.command.order;

import dev.eventshop.events.order.OrderId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Calls off an order that can't be confirmed. Changes nothing once the order is confirmed or cancelled.
 *
 * @param reason for the customer to read, not blank
 */
public record AbandonOrder(@TargetAggregateIdentifier OrderId orderId, String reason) {}
