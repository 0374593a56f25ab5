package dev.eventshop.messaging;

import com.rabbitmq.client.AMQP;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.amqp.eventhandling.AMQPMessage;
import org.axonframework.extensions.amqp.eventhandling.AMQPMessageConverter;
import org.axonframework.extensions.amqp.eventhandling.DefaultAMQPMessageConverter;
import org.axonframework.messaging.Headers;
import org.axonframework.serialization.Serializer;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;

/**
 * Turns events into messages that clients in any language can read: the body is the event's JSON and nothing else, the
 * rest is in properties, in the headers of Axon's own converter, and in those of CloudEvents 1.0. Persistent. Of the
 * metadata only what is allowed leaves, as text. Immutable.
 */
public final class EventMessageConverter {

    private final AMQPMessageConverter converter;
    private final Set<String> metadataKeys;
    private final String source;

    /**
     * @param serializer   writes JSON under the names that receivers know the events by
     * @param metadataKeys the metadata that receivers may see, each as header {@code axon-metadata-<key>}; beside it
     *                     {@code traceparent} always leaves, as W3C's header of that name
     * @param source       who publishes: {@code app_id}, and the source of the CloudEvents
     */
    public EventMessageConverter(Serializer serializer, Set<String> metadataKeys, String source) {
        this.converter = DefaultAMQPMessageConverter.builder()
                .serializer(serializer)
                .routingKeyResolver(event -> "") // the caller knows it
                .build();
        this.metadataKeys = Set.copyOf(metadataKeys);
        this.source = source;
    }

    /**
     * @param mandatory whether the message must find a queue
     * @throws RuntimeException when the serializer can't write the event, now or later
     */
    public OutboundMessage toMessage(EventMessage<?> event, String routingKey, boolean mandatory) {
        AMQPMessage axon = converter.createAMQPMessage(event.withMetaData(allowed(event)));
        AMQP.BasicProperties written = axon.getProperties();
        Instant time = event.getTimestamp();
        String id = event.getIdentifier();

        MessageProperties properties = new MessageProperties();
        properties.setHeaders(new HashMap<>(written.getHeaders()));
        String type = String.valueOf(properties.getHeaders().get(Headers.MESSAGE_TYPE));
        properties.setContentType(MessageProperties.CONTENT_TYPE_JSON);
        properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
        properties.setPriority(null); // Spring's would be 0
        properties.setMessageId(id);
        properties.setType(type);
        properties.setTimestamp(Date.from(time));
        properties.setAppId(source);
        properties.setHeader("cloudEvents:specversion", "1.0");
        properties.setHeader("cloudEvents:id", id);
        properties.setHeader("cloudEvents:type", type);
        properties.setHeader("cloudEvents:source", source);
        properties.setHeader("cloudEvents:time", time.toString());
        if (event instanceof DomainEventMessage<?> ofAggregate) {
            properties.setHeader("cloudEvents:subject", ofAggregate.getAggregateIdentifier());
        }
        Object traceParent = event.getMetaData().get(TraceParent.HEADER);
        if (traceParent != null) {
            properties.setHeader(TraceParent.HEADER, traceParent.toString());
        }
        return new OutboundMessage(routingKey, mandatory, id, new Message(axon.getBody(), properties));
    }

    private Map<String, String> allowed(EventMessage<?> event) {
        Map<String, String> allowed = new HashMap<>();
        event.getMetaData().forEach((key, value) -> {
            if (value != null && metadataKeys.contains(key)) {
                allowed.put(key, value.toString());
            }
        });
        return allowed;
    }
}
