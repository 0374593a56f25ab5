package dev.eventshop.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;

/**
 * The exchange and the queues that messages go through. Declaring is idempotent, adds what is missing and changes
 * nothing that exists. Safe for use by several threads.
 */
public final class Topology {

    /** Reply codes that tell that something exists with other properties: RabbitMQ's 405 and 406, Qpid's 530. */
    private static final Set<Integer> MISMATCH =
            Set.of(AMQP.RESOURCE_LOCKED, AMQP.PRECONDITION_FAILED, AMQP.NOT_ALLOWED);

    private final PublisherConnection connection;
    private final String exchange;
    private final QueueType queueType;
    private final Set<QueueDefinition> queues;

    /**
     * @param connection  where to declare
     * @param exchange    name of the durable topic exchange
     * @param queueType   kind of the queues and of their dead-letter queues
     * @param queues      what is bound to the exchange; two of one name are one queue with two bindings
     */
    public Topology(
            PublisherConnection connection, String exchange, QueueType queueType, Collection<QueueDefinition> queues) {
        this.connection = connection;
        this.exchange = exchange;
        this.queueType = queueType;
        this.queues = new CopyOnWriteArraySet<>(queues);
    }

    /** Takes one more queue into the next declarations. */
    public void add(QueueDefinition queue) {
        queues.add(queue);
    }

    /** @return the queues without those for dead letters */
    public List<QueueDefinition> queues() {
        return List.copyOf(queues);
    }

    /**
     * Declares the exchange, the queues, their dead-letter queues and the bindings.
     *
     * @throws TopologyMismatch when something exists with other properties; says in one sentence what it is
     * @throws AmqpException    when the broker can't be reached or refuses; trying again can help
     */
    public void declare() {
        try (Channel channel = PublisherConnection.open(connection.get())) {
            declare(
                    "exchange",
                    exchange,
                    "durable, of type topic",
                    () -> channel.exchangeDeclare(exchange, BuiltinExchangeType.TOPIC, true));
            for (QueueDefinition queue : queues) {
                declareQueue(channel, queue.queue());
                declareQueue(channel, queue.deadLetterQueue());
                channel.queueBind(queue.queue(), exchange, queue.routingKey());
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw RabbitExceptionTranslator.convertRabbitAccessException(e);
        }
    }

    private void declareQueue(Channel channel, String queue) throws IOException {
        Map<String, Object> arguments = queueType.arguments();
        declare(
                "queue",
                queue,
                "durable, " + (arguments.isEmpty() ? "without arguments" : "with " + arguments),
                () -> channel.queueDeclare(queue, true, false, false, arguments));
    }

    private static void declare(String kind, String name, String wanted, Declaration declaration) throws IOException {
        try {
            declaration.run();
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException closed && isMismatch(closed.getReason())) {
                throw new TopologyMismatch(
                        "The broker has another %s \"%s\" than the one that is needed (%s): %s"
                                .formatted(kind, name, wanted, text(closed.getReason())),
                        e);
            }
            throw e;
        }
    }

    private static boolean isMismatch(@Nullable Method reason) {
        return reason instanceof AMQP.Channel.Close channel && MISMATCH.contains(channel.getReplyCode())
                || reason instanceof AMQP.Connection.Close connection && MISMATCH.contains(connection.getReplyCode());
    }

    private static @Nullable String text(Method reason) {
        return reason instanceof AMQP.Channel.Close channel
                ? channel.getReplyText()
                : ((AMQP.Connection.Close) reason).getReplyText();
    }

    private interface Declaration {
        void run() throws IOException;
    }
}
