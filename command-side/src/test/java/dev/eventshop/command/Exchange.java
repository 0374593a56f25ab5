package dev.eventshop.command;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.eventshop.testing.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What another program sees that has bound a queue of its own to the exchange. */
final class Exchange implements AutoCloseable {

    static final String NAME = "microservice.events";

    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Connection connection;

    Exchange(TestBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        connection = factory.newConnection();
        Channel channel = connection.createChannel();
        channel.exchangeDeclare(NAME, BuiltinExchangeType.TOPIC, true);
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, NAME, "#");
        channel.basicConsume(queue, true, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                seen.add(new Seen(envelope.getRoutingKey(), properties, new String(body, StandardCharsets.UTF_8)));
            }
        });
    }

    /** @return everything so far, as soon as it is at least so much */
    List<Seen> afterAtLeast(int count) {
        await().atMost(LONG).until(() -> seen.size() >= count);
        return List.copyOf(seen);
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    record Seen(String routingKey, AMQP.BasicProperties properties, String body) {

        String header(String name) {
            Object value = properties.getHeaders().get(name);
            return value == null ? "" : value.toString();
        }
    }
}
