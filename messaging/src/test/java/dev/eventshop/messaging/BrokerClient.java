package dev.eventshop.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Another program on the same broker. */
final class BrokerClient implements AutoCloseable {

    private final ConnectionFactory factory = new ConnectionFactory();
    private Connection connection;
    private Channel channel;

    BrokerClient(TestBroker broker) throws Exception {
        factory.setUri(broker.uri());
        factory.setMaxInboundMessageBodySize(256 * 1024 * 1024);
        factory.setAutomaticRecoveryEnabled(false);
        factory.getClientProperties().put("qpid.message_compression_supported", "true"); // bodies come as they are
        connection = factory.newConnection();
        channel = open();
    }

    private Channel open() throws IOException {
        Channel opened = connection.createChannel();
        opened.confirmSelect();
        return opened;
    }

    /** A channel that is open, though the broker may have closed the last one, or the connection. */
    Channel channel() throws IOException {
        try {
            if (!connection.isOpen()) {
                connection = factory.newConnection();
                channel = open();
            } else if (!channel.isOpen()) {
                channel = open();
            }
            return channel;
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    void deleteQueue(String queue) throws IOException {
        channel().queueDelete(queue);
        channel().queueDelete(QueueDefinition.deadLetterQueue(queue));
    }

    /** Properties as the contract wants them. */
    static AMQP.BasicProperties.Builder properties(@Nullable String messageId, @Nullable String type) {
        Map<String, Object> headers = new HashMap<>();
        if (type != null) {
            headers.put("axon-message-type", type);
            headers.put("axon-message-revision", "2.0");
        }
        return new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .deliveryMode(2)
                .messageId(messageId)
                .type(type)
                .headers(headers);
    }

    void publish(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body) throws Exception {
        Channel confirming = channel(); // one and the same: a channel that the broker closed has confirmed nothing
        confirming.basicPublish(exchange, routingKey, true, properties, body);
        confirming.waitForConfirmsOrDie(30_000);
    }

    void publish(String exchange, String routingKey, AMQP.BasicProperties properties, String body) throws Exception {
        publish(exchange, routingKey, properties, body.getBytes(StandardCharsets.UTF_8));
    }

    int ready(String queue) throws IOException {
        return (int) channel().messageCount(queue);
    }

    /** Takes everything out of a queue. */
    List<GetResponse> take(String queue) throws IOException {
        List<GetResponse> all = new ArrayList<>();
        for (GetResponse one = channel().basicGet(queue, true);
                one != null;
                one = channel().basicGet(queue, true)) {
            all.add(one);
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
