package dev.eventshop.messaging.deadletter;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.ContentHeaderPropertyWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message as it lies in a dead-letter queue. Anybody may have put it there: nothing in it is to be trusted, and each
 * header may be missing or of another kind.
 *
 * @param queue      that its dead-letter queue belongs to
 * @param properties as received
 * @param body       as received
 */
public record ParkedMessage(String queue, AMQP.BasicProperties properties, byte[] body) {

    /** Before the properties in the protocol's form: two bytes of weight, and eight that tell the body's size. */
    private static final int PREFIX = 10;

    /** @return text of a header, null when there is none */
    public @Nullable String header(String name) {
        Map<String, Object> headers = properties.getHeaders();
        Object value = headers == null ? null : headers.get(name);
        return value instanceof String || value instanceof LongString || value instanceof Number
                ? value.toString()
                : null;
    }

    /** @return class of the error, null when nobody told */
    public @Nullable String errorClass() {
        return header(DeadLetter.ERROR_CLASS);
    }

    /** @return what the error said, null when nobody told */
    public @Nullable String errorMessage() {
        return header(DeadLetter.ERROR_MESSAGE);
    }

    /** @return key that it came to its queue with, null when nobody told */
    public @Nullable String routingKey() {
        return header(DeadLetter.ROUTING_KEY);
    }

    /** @return stack trace of the error, null when nobody told */
    public @Nullable String stackTrace() {
        return header(DeadLetter.STACK_TRACE);
    }

    /** @return the headers that it had before it failed, as texts, sorted by name; a null is {@code "null"} */
    public SortedMap<String, String> headersBefore() {
        SortedMap<String, String> texts = new TreeMap<>();
        propertiesBefore().getHeaders().forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    public Optional<Instant> firstFailedAt() {
        return instant(DeadLetter.FIRST_FAILED_AT);
    }

    public Optional<Instant> lastFailedAt() {
        return instant(DeadLetter.LAST_FAILED_AT);
    }

    private Optional<Instant> instant(String name) {
        String text = header(name);
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException noInstant) {
            return Optional.empty();
        }
    }

    /** @return how often it was tried, empty when nobody told */
    public OptionalInt attempts() {
        String text = header(DeadLetter.ATTEMPTS);
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException noNumber) {
            return OptionalInt.empty();
        }
    }

    /** @return the properties without what the dead letter has added */
    public AMQP.BasicProperties propertiesBefore() {
        Map<String, Object> headers = new HashMap<>();
        if (properties.getHeaders() != null) {
            headers.putAll(properties.getHeaders());
        }
        DeadLetter.ADDED.forEach(headers::remove);
        return properties.builder().headers(headers).build();
    }

    /** @return properties and body as bytes, in the protocol's own form: nothing in it names a class */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            byte[] header = header();
            out.writeInt(header.length);
            out.write(header);
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private byte[] header() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[PREFIX]);
        properties.writePropertiesTo(new ContentHeaderPropertyWriter(out));
        out.flush();
        return bytes.toByteArray();
    }

    /** @param bytes as {@link #toBytes} has made them */
    public static ParkedMessage of(String queue, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte[] header = in.readNBytes(in.readInt());
            AMQP.BasicProperties properties =
                    new AMQP.BasicProperties(new DataInputStream(new ByteArrayInputStream(header)));
            return new ParkedMessage(queue, properties, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("no message in the protocol's form", e);
        }
    }

    /** Without what is in it. */
    @Override
    public String toString() {
        return "ParkedMessage[" + queue + ", " + body.length + " bytes]";
    }
}
