package dev.eventshop.messaging.publishing;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.OutboundMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/**
 * A message as the client sends it.
 *
 * @param routingKey where it goes to, from the exchange on
 * @param mandatory  whether at least one queue has to take it
 */
public record Publication(String routingKey, boolean mandatory, AMQP.BasicProperties properties, byte[] body) {

    private static final MessagePropertiesConverter PROPERTIES = new DefaultMessagePropertiesConverter();

    static Publication of(OutboundMessage message) {
        AMQP.BasicProperties properties = PROPERTIES
                .fromMessageProperties(message.message().getMessageProperties(), "UTF-8")
                .builder()
                .messageId(message.messageId())
                .build();
        return new Publication(
                message.routingKey(),
                message.mandatory(),
                properties,
                message.message().getBody());
    }

    @Nullable
    String messageId() {
        return properties.getMessageId();
    }
}
