package dev.eventshop.messaging;

import org.springframework.amqp.core.Message;

/**
 * A message that is ready to be published.
 *
 * @param routingKey where it goes to, from the exchange on
 * @param mandatory  whether it counts as published only when at least one queue has taken it
 * @param messageId  by which receivers recognise it when it comes again; unique
 * @param message    body and properties; {@code messageId} takes the place of the property of that name
 */
public record OutboundMessage(String routingKey, boolean mandatory, String messageId, Message message) {}
