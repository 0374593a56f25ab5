package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.AMQP;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventData;
import org.axonframework.messaging.Headers;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a subscription is for, and refuses everything else. A message decides on nothing: neither on the class
 * that it is read into nor on the work that reading it makes, beyond the bounds on its size and on the nesting of its
 * JSON, which is the serializer's. What it throws, it will throw again for the same message.
 */
final class MessageReader {

    private static final Pattern JSON = Pattern.compile("application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?");

    private final Serializer serializer;
    private final EventUpcaster upcaster;
    private final long maxBodySize;
    private final String type;
    private final Class<?> eventClass;
    private final @Nullable String revision;

    /** @param type name that the serializer knows the class by */
    MessageReader(Serializer serializer, EventUpcaster upcaster, long maxBodySize, String type, Class<?> eventClass) {
        this.serializer = serializer;
        this.upcaster = upcaster;
        this.maxBodySize = maxBodySize;
        this.type = type;
        this.eventClass = eventClass;
        this.revision = serializer.typeForClass(eventClass).getRevision();
    }

    /** @return the identifier that duplicates are known by */
    static String messageId(AMQP.BasicProperties properties) {
        String id = properties.getMessageId();
        if (id == null || id.isBlank()) {
            throw new MessageRefused("the message has no message_id");
        }
        if (id.chars().anyMatch(Character::isISOControl)) {
            throw new MessageRefused("the message_id has control characters");
        }
        return id;
    }

    Object read(AMQP.BasicProperties properties, byte[] body) {
        checkSize(body);
        checkType(properties);
        checkEncoding(properties, body);
        String sent = header(properties, Headers.MESSAGE_REVISION);
        SerializedObject<byte[]> payload =
                new SimpleSerializedObject<>(body, byte[].class, type, sent == null ? revision : sent);
        boolean current = Objects.equals(payload.getType().getRevision(), revision);
        Object event = current ? serializer.deserialize(payload) : serializer.deserialize(upcast(properties, payload));
        if (!eventClass.isInstance(event)) {
            throw new MessageRefused("the body is no " + type);
        }
        return event;
    }

    private void checkSize(byte[] body) {
        if (body.length > maxBodySize) {
            throw new MessageRefused("the body has %d bytes, more than %d".formatted(body.length, maxBodySize));
        }
    }

    private void checkType(AMQP.BasicProperties properties) {
        String property = properties.getType();
        String header = header(properties, Headers.MESSAGE_TYPE);
        if (property == null && header == null) {
            throw new MessageRefused("the message has no type");
        }
        for (String given : new String[] {property, header}) {
            if (given != null && !given.equals(type)) {
                throw new MessageRefused("the message is a %s, and no %s".formatted(Quoted.text(given), type));
            }
        }
    }

    private static void checkEncoding(AMQP.BasicProperties properties, byte[] body) {
        String contentType = properties.getContentType();
        if (contentType == null
                || !JSON.matcher(contentType.strip().toLowerCase(Locale.ROOT)).matches()) {
            throw new MessageRefused(
                    "the content_type is %s, and not application/json".formatted(Quoted.text(contentType)));
        }
        String encoding = properties.getContentEncoding();
        if (encoding != null && !encoding.isEmpty() && !encoding.equalsIgnoreCase("utf-8")) {
            throw new MessageRefused("the content_encoding is %s, and not UTF-8".formatted(Quoted.text(encoding)));
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new MessageRefused("the body is not UTF-8");
        }
    }

    private SerializedObject<?> upcast(AMQP.BasicProperties properties, SerializedObject<byte[]> payload) {
        EventData<byte[]> sent =
                new Sent(properties, payload, serializer.serialize(MetaData.emptyInstance(), byte[].class));
        List<IntermediateEventRepresentation> current = upcaster.upcast(
                        Stream.of(new InitialEventRepresentation(sent, serializer)))
                .toList();
        if (current.size() != 1
                || !current.get(0).getType().getName().equals(type)
                || !Objects.equals(current.get(0).getType().getRevision(), revision)) {
            throw new MessageRefused("revision %s of %s is not known here"
                    .formatted(Quoted.text(payload.getType().getRevision()), type));
        }
        return current.get(0).getData();
    }

    private static @Nullable String header(AMQP.BasicProperties properties, String name) {
        Map<String, Object> headers = properties.getHeaders();
        Object value = headers == null ? null : headers.get(name);
        return value == null ? null : value.toString();
    }

    /** A message as upcasters want it. */
    private record Sent(
            AMQP.BasicProperties properties, SerializedObject<byte[]> payload, SerializedObject<byte[]> metadata)
            implements EventData<byte[]> {

        @Override
        public String getEventIdentifier() {
            return messageId(properties);
        }

        @Override
        public Instant getTimestamp() {
            return properties.getTimestamp() == null
                    ? Instant.EPOCH
                    : properties.getTimestamp().toInstant();
        }

        @Override
        public SerializedObject<byte[]> getMetaData() {
            return metadata;
        }

        @Override
        public SerializedObject<byte[]> getPayload() {
            return payload;
        }
    }
}
