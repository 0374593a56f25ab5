package dev.eventshop.messaging;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;

/**
 * A message that is ready to be published.
 *
 * @param routingKey where it goes to, from the exchange on
 * @param mandatory  whether it counts as published only when at least one queue has taken it
 * @param messageId  by which receivers recognise it when it comes again; unique
 * @param message    body and properties; {@code messageId} takes the place of the property of that name
 */
public record OutboundMessage(String routingKey, boolean mandatory, String messageId, Message message) {

    /**
     * @param queue that has to take it, by the default exchange
     * @return the same message as history that is sent again: body, id and headers as they are, and
     *     {@link MessageContext#REPLAY}
     */
    public OutboundMessage asReplayFor(String queue) {
        Message again = MessageBuilder.fromClonedMessage(message)
                .setHeader(MessageContext.REPLAY, true)
                .build();
        return new OutboundMessage(queue, true, messageId, again);
    }
}
