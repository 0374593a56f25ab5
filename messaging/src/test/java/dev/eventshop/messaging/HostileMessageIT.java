package dev.eventshop.messaging;

import static dev.eventshop.messaging.BrokerClient.properties;
import static dev.eventshop.messaging.RunningApplication.EXCHANGE;
import static dev.eventshop.messaging.WhenCountedThenRecord.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.HostileMessage;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    private static AMQP.BasicProperties.Builder counted() {
        return properties("m1", "Counted");
    }

    Stream<HostileMessage> messages() {
        String json = new Counted(1).json();
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String expiration = broker.isRabbitMq() ? "3600000" : "4000000000000"; // a moment, to Qpid
        return Stream.concat(
                HostileMessage.allFor("Counted", "2.0", json, expiration),
                Stream.of(
                        new HostileMessage(
                                "known revision without an upcaster",
                                counted()
                                        .headers(Map.of("axon-message-revision", "1.0"))
                                        .build(),
                                json.getBytes(StandardCharsets.UTF_8)),
                        new HostileMessage(
                                "deep field",
                                counted().build(),
                                ("{\"number\":1,\"more\":" + deep + "}").getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void goesToTheDeadLettersAndTheConsumerGoesOn(HostileMessage message) throws Exception {
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
