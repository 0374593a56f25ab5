package dev.eventshop.testing;

import com.rabbitmq.client.AMQP;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A message that nobody who keeps the contract would send. It has to end among the dead letters.
 *
 * @param what is wrong with it
 */
public record HostileMessage(String what, AMQP.BasicProperties properties, byte[] body) {

    private static final String MORE_THAN_ANY_INTEGER = "1e99";

    private HostileMessage(String what, AMQP.BasicProperties.Builder properties, String body) {
        this(what, properties.build(), body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param type       that the queue is for
     * @param revision   that is read there
     * @param json       of a good message, with an integer as its first field
     * @param expiration that is far from over, as the broker understands it
     * @return one of each kind
     */
    public static Stream<HostileMessage> allFor(String type, String revision, String json, String expiration) {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            many.put("header" + i, "x".repeat(80));
        }
        Kind kind = new Kind(type, revision);
        return Stream.of(
                new HostileMessage("no message id", kind.good().messageId(null), json),
                new HostileMessage("blank message id", kind.good().messageId(" "), json),
                new HostileMessage(
                        "message id with a null character", kind.good().messageId("a\0b" + UUID.randomUUID()), json),
                new HostileMessage("no type", kind.good().type(null).headers(Map.of()), json),
                new HostileMessage("another type", kind.typed("Forgotten"), json),
                new HostileMessage("class name", kind.typed("java.lang.Runtime"), json),
                new HostileMessage("two types", kind.good().type("Forgotten"), json),
                new HostileMessage("unknown revision", kind.revised("3.0"), json),
                new HostileMessage("older revision without an upcaster", kind.revised("0.1"), json),
                new HostileMessage("no content type", kind.good().contentType(null), json),
                new HostileMessage(
                        "another content type", kind.good().contentType("application/x-java-serialized-object"), json),
                new HostileMessage(
                        "another charset", kind.good().contentType("application/json; charset=utf-16"), json),
                new HostileMessage("said to be compressed", kind.good().contentEncoding("gzip"), json),
                new HostileMessage(
                        "much in little", kind.good().contentEncoding("gzip").build(), packed(50_000_000)),
                new HostileMessage(
                        "Latin-1", kind.good().build(), "{\"text\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)),
                new HostileMessage(
                        "overlong UTF-8", kind.good().build(), new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}),
                new HostileMessage("empty", kind.good(), ""),
                new HostileMessage("no JSON", kind.good(), "hello"),
                new HostileMessage("cut off", kind.good(), json.substring(0, json.length() - 1)),
                new HostileMessage("null", kind.good(), "null"),
                new HostileMessage("no object", kind.good(), "[1]"),
                new HostileMessage("two documents", kind.good(), json + json),
                new HostileMessage("an object for a number", kind.good(), withFirst(json, "{}")),
                new HostileMessage("a text for a number", kind.good(), withFirst(json, "\"1\"")),
                new HostileMessage("a number out of range", kind.good(), withFirst(json, MORE_THAN_ANY_INTEGER)),
                new HostileMessage("deep nesting", kind.good(), deep),
                new HostileMessage("deep field that nobody knows", kind.good(), with(json, "unknown", deep)),
                new HostileMessage("10 MB", kind.good(), with(json, "unknown", "\"" + "x".repeat(10_000_000) + "\"")),
                new HostileMessage(
                        "100 KB of headers", kind.good().headers(many).type("Forgotten"), json),
                new HostileMessage(
                        "copies to other queues",
                        kind.good().headers(Map.of("CC", List.of("nowhere"), "BCC", List.of("nowhere"))),
                        "hello"),
                new HostileMessage("time to vanish at", kind.good().expiration(expiration), "hello"));
    }

    private static String withFirst(String json, String value) {
        return json.replaceFirst(":\\d+", ":" + value);
    }

    private static String with(String json, String field, String value) {
        return json.substring(0, json.length() - 1) + ",\"" + field + "\":" + value + "}";
    }

    private static byte[] packed(int spaces) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(" ".repeat(spaces).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Override
    public String toString() {
        return what;
    }

    /** Properties as the contract wants them. */
    private record Kind(String type, String revision) {

        AMQP.BasicProperties.Builder good() {
            return properties(type, revision);
        }

        AMQP.BasicProperties.Builder typed(String other) {
            return properties(other, revision);
        }

        AMQP.BasicProperties.Builder revised(String other) {
            return properties(type, other);
        }

        private static AMQP.BasicProperties.Builder properties(String type, String revision) {
            return new AMQP.BasicProperties.Builder()
                    .contentType("application/json")
                    .deliveryMode(2)
                    .messageId(UUID.randomUUID().toString())
                    .type(type)
                    .headers(Map.of("axon-message-type", type, "axon-message-revision", revision));
        }
    }
}
