package dev.eventshop.messaging;

import static dev.eventshop.messaging.BrokerClient.properties;
import static dev.eventshop.messaging.RunningApplication.EXCHANGE;
import static dev.eventshop.messaging.WhenCountedThenRecord.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages that nobody who keeps the contract would send. One application takes them all. */
@ParameterizedClass
@MethodSource("brokers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileMessageIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String DEAD = QUEUE + ".dlq";

    @Parameter
    private TestBroker broker;

    private TestDatabase database;
    private BrokerClient client;
    private RunningApplication application;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        database = TestDatabase.create();
        broker.purge(EXCHANGE, QUEUE, DEAD);
        client = new BrokerClient(broker);
        application = new RunningApplication(database, broker.uri(), Map.of("eventshop.messaging.prefetch", "2"));
        await().atMost(LONG).ignoreExceptions().until(() -> client.channel().consumerCount(QUEUE) == 1);
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        application.close();
        try {
            await("nothing left behind").during(Duration.ofMillis(500)).until(() -> client.ready(QUEUE) == 0);
        } finally {
            client.close();
            broker.purge(EXCHANGE, QUEUE, DEAD);
            database.close();
        }
    }

    @BeforeEach
    void clean() throws Exception {
        client.take(DEAD);
        JdbcClient sql = application.context.getBean(JdbcClient.class);
        sql.sql("delete from effect").update();
        sql.sql("delete from message_inbox").update();
        application.script.calls.clear();
    }

    private void sendGoodOne() throws Exception {
        client.publish(EXCHANGE, "counted.up", properties("m2", "Counted").build(), new Counted(2).json());
    }

    private void awaitEffects(Integer... numbers) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(application.effects()).containsExactly(numbers));
    }

    private GetResponse awaitDeadLetter() {
        List<GetResponse> dead = new ArrayList<>();
        await().atMost(LONG).until(() -> dead.addAll(client.take(DEAD)));
        assertThat(dead).hasSize(1);
        return dead.get(0);
    }

    record Hostile(String what, AMQP.BasicProperties properties, byte[] body) {

        Hostile(String what, AMQP.BasicProperties.Builder properties, String body) {
            this(what, properties.build(), body.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static AMQP.BasicProperties.Builder counted() {
        return properties("m1", "Counted");
    }

    private static AMQP.BasicProperties.Builder revision(String revision) {
        return counted().headers(Map.of("axon-message-revision", revision));
    }

    static Stream<Hostile> messages() {
        String json = new Counted(1).json();
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            many.put("header" + i, "x".repeat(80));
        }
        return Stream.of(
                new Hostile("no message id", properties(null, "Counted"), json),
                new Hostile("blank message id", properties(" ", "Counted"), json),
                new Hostile("message id with a null character", properties("a\0b", "Counted"), json),
                new Hostile("no type", properties("m1", null), json),
                new Hostile("another type", properties("m1", "Forgotten"), json),
                new Hostile("class name", properties("m1", "java.lang.Runtime"), json),
                new Hostile("two types", counted().type("Forgotten"), json),
                new Hostile("unknown revision", revision("3.0"), json),
                new Hostile("older revision without an upcaster", revision("1.0"), json),
                new Hostile("no content type", counted().contentType(null), json),
                new Hostile(
                        "another content type", counted().contentType("application/x-java-serialized-object"), json),
                new Hostile("another charset", counted().contentType("application/json; charset=utf-16"), json),
                new Hostile("compressed", counted().contentEncoding("gzip"), json),
                new Hostile("much in little", counted().contentEncoding("gzip").build(), packed(50_000_000)),
                new Hostile("Latin-1", counted().build(), "{\"text\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)),
                new Hostile("overlong UTF-8", counted().build(), new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}),
                new Hostile("empty", counted(), ""),
                new Hostile("no JSON", counted(), "hello"),
                new Hostile("null", counted(), "null"),
                new Hostile("no object", counted(), "[1]"),
                new Hostile("two documents", counted(), json + json),
                new Hostile("wrong field types", counted(), "{\"number\":{}}"),
                new Hostile("deep nesting", counted(), deep),
                new Hostile("deep field", counted(), "{\"number\":1,\"more\":" + deep + "}"),
                new Hostile("deep field that nobody knows", counted(), "{\"number\":1,\"unknown\":" + deep + "}"),
                new Hostile("10 MB", counted(), "{\"number\":1,\"text\":\"" + "x".repeat(10_000_000) + "\"}"),
                new Hostile("100 KB of headers", counted().headers(many).type("Forgotten"), json));
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

    @ParameterizedTest
    @MethodSource("messages")
    void goesToTheDeadLettersAndTheConsumerGoesOn(Hostile message) throws Exception {
        client.publish(EXCHANGE, "counted.up", message.properties(), message.body());
        sendGoodOne();
        GetResponse dead = awaitDeadLetter();
        assertThat(dead.getBody()).isEqualTo(message.body());
        assertThat(dead.getProps().getMessageId())
                .isEqualTo(message.properties().getMessageId());
        assertThat(dead.getProps().getHeaders()).containsKeys("x-error-class", "x-error-message", "x-original-queue");
        awaitEffects(2);
        assertThat(application.script.calls).containsExactly(2);
    }

    @Test
    void withAStrangeDeliveryModeIsHandledAllTheSame() throws Exception {
        AMQP.BasicProperties strange = counted().deliveryMode(7).build();
        if (broker.isRabbitMq()) { // which refuses it
            assertThatThrownBy(() -> client.publish(EXCHANGE, "counted.up", strange, new Counted(1).json()))
                    .isInstanceOf(Exception.class);
            sendGoodOne();
            awaitEffects(2);
        } else {
            client.publish(EXCHANGE, "counted.up", strange, new Counted(1).json());
            awaitEffects(1);
        }
    }

    @Test
    void losesHeadersThatWouldNotFitBesideOurs() throws Exception {
        Map<String, Object> large = Map.of("large", "x".repeat(broker.isRabbitMq() ? 130_000 : 261_000));
        client.publish(EXCHANGE, "counted.up", counted().headers(large).build(), "hello");
        sendGoodOne();
        awaitEffects(2);
        GetResponse dead = awaitDeadLetter();
        assertThat(dead.getProps().getMessageId()).isEqualTo("m1");
        assertThat(String.valueOf(dead.getProps().getHeaders().get("x-original-headers")))
                .contains("dropped");
        assertThat(dead.getBody()).asString().isEqualTo("hello");
    }

    @Test
    void largerThanTheClientTakesByItselfIsStillMoved() throws Exception {
        byte[] body = new byte[80 * 1024 * 1024];
        if (!broker.isRabbitMq()) { // which takes nothing that large
            assertThatThrownBy(() ->
                            client.publish(EXCHANGE, "counted.up", counted().build(), body))
                    .isInstanceOf(Exception.class);
            sendGoodOne();
            awaitEffects(2);
            return;
        }
        client.publish(EXCHANGE, "counted.up", counted().build(), body);
        sendGoodOne();
        awaitEffects(2);
        assertThat(awaitDeadLetter().getBody()).hasSameSizeAs(body);
    }
}
