package dev.eventshop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TestBrokerIT {

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void isEmptyWhenItIsPurged(TestBroker broker) throws Exception {
        broker.purge("events-of-a-test", "queue-of-a-test");
        try (Connection connection = connect(broker)) {
            Channel channel = connection.createChannel();
            channel.exchangeDeclare("microservice.events", "topic", true);
            channel.exchangeDeclare("events-of-a-test", "fanout", true);
            for (String queue : new String[] {"order.created", "order.created.dlq", "queue-of-a-test"}) {
                channel.queueDeclare(queue, true, false, false, Map.of());
                channel.confirmSelect();
                channel.basicPublish("", queue, true, MessageProperties.PERSISTENT_BASIC, new byte[1]);
                channel.waitForConfirmsOrDie(30_000);
            }
            connection.createChannel().basicConsume("order.created", false, (tag, delivery) -> {}, tag -> {});

            broker.purge("events-of-a-test", "queue-of-a-test");

            for (String queue : new String[] {"order.created", "order.created.dlq", "queue-of-a-test"}) {
                assertThatThrownBy(() -> connection.createChannel().queueDeclarePassive(queue))
                        .rootCause()
                        .hasMessageContaining("404");
            }
            for (String exchange : new String[] {"microservice.events", "events-of-a-test"}) {
                assertThatThrownBy(() -> connection.createChannel().exchangeDeclarePassive(exchange))
                        .rootCause()
                        .hasMessageContaining("404");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void mayBePurgedWhenItIsEmpty(TestBroker broker) {
        broker.purge();
        broker.purge();
    }

    @Test
    void isSharedByTheTestsOfAJvm() {
        assertThat(TestBroker.embedded()).isSameAs(TestBroker.embedded());
        assertThat(TestBroker.all().toList()).isEqualTo(TestBroker.all().toList());
    }

    @Test
    void saysWhatItIs() {
        TestBroker broker = TestBroker.embedded();

        assertThat(broker.isRabbitMq()).isFalse();
        assertThat(broker).hasToString("embedded");
        assertThat(broker.springProperties()).containsExactly(Map.entry("spring.rabbitmq.addresses", broker.uri()));
    }

    @Test
    void livesOnWhenItIsClosed() throws Exception {
        TestBroker broker = TestBroker.embedded();
        broker.close();

        try (Connection connection = connect(broker)) {
            assertThat(connection.isOpen()).isTrue();
        }
    }

    private static Connection connect(TestBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        return factory.newConnection();
    }
}
