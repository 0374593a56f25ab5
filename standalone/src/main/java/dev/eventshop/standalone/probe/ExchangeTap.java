package dev.eventshop.standalone.probe;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sees everything that is published while it is open, on a queue of its own that goes with it. */
final class ExchangeTap implements AutoCloseable {

    private static final String EVERYTHING = "#";

    private final JsonMapper json = new JsonMapper();
    private final List<Seen> seen = new ArrayList<>();
    private final Connection connection;

    /**
     * @param type  the event's name, as the message has it
     * @param nanos when it came, by {@link System#nanoTime()}
     */
    record Seen(String routingKey, String type, @Nullable String messageId, JsonNode body, long nanos) {}

    private ExchangeTap(Connection connection) {
        this.connection = connection;
    }

    static ExchangeTap open(String uri, String exchange) throws IOException {
        Connection connection = Amqp.connect(uri);
        ExchangeTap tap = new ExchangeTap(connection);
        try {
            Channel channel = connection.createChannel();
            String queue = channel.queueDeclare().getQueue();
            channel.queueBind(queue, exchange, EVERYTHING);
            channel.basicConsume(queue, true, tap.new Listener(channel));
            return tap;
        } catch (IOException e) {
            connection.abort();
            throw e;
        }
    }

    private final class Listener extends DefaultConsumer {

        Listener(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            long now = System.nanoTime();
            JsonNode content;
            try {
                content = json.readTree(body);
            } catch (JacksonException e) {
                return; // not one of ours
            }
            synchronized (seen) {
                seen.add(new Seen(
                        envelope.getRoutingKey(),
                        String.valueOf(properties.getType()),
                        properties.getMessageId(),
                        content,
                        now));
                seen.notifyAll();
            }
        }
    }

    /**
     * @param deadline by {@link System#nanoTime()}
     * @return empty when no such message has come until then
     */
    Optional<Seen> await(Predicate<Seen> wanted, long deadline) throws InterruptedException {
        synchronized (seen) {
            while (true) {
                Optional<Seen> found = seen.stream().filter(wanted).findFirst();
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (found.isPresent() || millis <= 0) {
                    return found;
                }
                seen.wait(millis);
            }
        }
    }

    @Override
    public void close() {
        connection.abort();
    }
}
