package dev.eventshop.standalone.probe;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import dev.eventshop.standalone.probe.SystemState.BrokerState;
import dev.eventshop.standalone.probe.SystemState.QueueState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The broker, the exchange and the documented queues, as the broker itself tells of them. */
record QueueCheck(BrokerState broker, List<QueueState> queues) {

    static QueueCheck of(String uri, String exchange) {
        try (Connection connection = Amqp.connect(uri)) {
            return new QueueCheck(
                    new BrokerState("UP", hasExchange(connection, exchange), null),
                    names().stream().map(queue -> queue(connection, queue)).toList());
        } catch (IOException e) {
            return new QueueCheck(
                    new BrokerState("DOWN", false, e.getMessage() == null ? e.toString() : e.getMessage()),
                    names().stream()
                            .map(queue -> new QueueState(queue, null, null, null))
                            .toList());
        }
    }

    private static List<String> names() {
        return EventRegistry.published().stream()
                .map(EventType::routingKey)
                .flatMap(Optional::stream)
                .toList();
    }

    private static QueueState queue(Connection connection, String name) {
        DeclareOk live = look(connection, channel -> channel.queueDeclarePassive(name));
        DeclareOk dead = look(connection, channel -> channel.queueDeclarePassive(name + ".dlq"));
        return new QueueState(
                name,
                live == null ? null : (long) live.getMessageCount(),
                live == null ? null : (long) live.getConsumerCount(),
                dead == null ? null : (long) dead.getMessageCount());
    }

    private static boolean hasExchange(Connection connection, String exchange) {
        return look(connection, channel -> channel.exchangeDeclarePassive(exchange)) != null;
    }

    private interface Question<T> {
        T ask(Channel channel) throws IOException;
    }

    /** The broker closes a channel that asks for what is not there. */
    private static <T> @Nullable T look(Connection connection, Question<T> question) {
        try (Channel channel = connection.createChannel()) {
            return question.ask(channel);
        } catch (IOException | TimeoutException e) {
            return null;
        }
    }
}
