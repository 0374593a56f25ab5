package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/**
 * The properties of a message as the client has read them. Spring's own form of them does not know every message that
 * a broker lets through: a delivery mode of 7, for one, would end the consumer, and again when it takes up its work.
 */
final class ReceivedProperties extends MessageProperties {

    private static final long serialVersionUID = 1L;

    private final transient AMQP.BasicProperties properties;
    private final transient Envelope envelope;

    private ReceivedProperties(AMQP.BasicProperties properties, Envelope envelope) {
        this.properties = properties;
        this.envelope = envelope;
        setDeliveryTag(envelope.getDeliveryTag());
    }

    AMQP.BasicProperties properties() {
        return properties;
    }

    Envelope envelope() {
        return envelope;
    }

    /** Puts them in the place of Spring's own form. */
    static final class Converter implements MessagePropertiesConverter {

        @Override
        public MessageProperties toMessageProperties(
                AMQP.BasicProperties source, @Nullable Envelope envelope, String charset) {
            return new ReceivedProperties(source, Objects.requireNonNull(envelope, "only for messages of a queue"));
        }

        @Override
        public AMQP.BasicProperties fromMessageProperties(MessageProperties source, String charset) {
            throw new UnsupportedOperationException("only for messages of a queue");
        }
    }
}
