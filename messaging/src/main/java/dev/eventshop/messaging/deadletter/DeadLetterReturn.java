package dev.eventshop.messaging.deadletter;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.publishing.ChannelPublisher;
import dev.eventshop.messaging.publishing.Publication;
import java.util.List;

/** Sends dead letters back to the one queue that they came from, past the exchange. Safe for use by several threads. */
public final class DeadLetterReturn implements AutoCloseable {

    private final ChannelPublisher queues;

    /** @param queues publishes to the default exchange */
    public DeadLetterReturn(ChannelPublisher queues) {
        this.queues = queues;
    }

    /**
     * Returns when the broker has stored it in the queue, with the properties and headers that it had before it failed.
     *
     * @throws PublicationFailed when it has not, or nobody knows; trying again can make a second copy, which the inbox
     *                           drops by its {@code message_id}
     */
    public void send(ParkedMessage message) throws PublicationFailed {
        AMQP.BasicProperties properties = message.propertiesBefore();
        queues.send(List.of(new Publication(message.queue(), true, properties, message.body())));
    }

    @Override
    public void close() {
        queues.close();
    }
}
