package dev.eventshop.messaging.publishing;

import com.rabbitmq.client.Connection;
import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.OutboundMessage;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.RawChannels;
import dev.eventshop.messaging.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * Publishes to one exchange, over a channel that is kept until something fails on it: after a failure the broker may
 * still confirm what was published before, and nothing of that may be taken for an answer to the next batch.
 */
public final class ChannelPublisher implements ConfirmedPublisher, AutoCloseable {

    private final ReentrantLock turn = new ReentrantLock(true);
    private final ConnectionFactory connections;
    private final Topology topology;
    private final String exchange;
    private final Duration confirmTimeout;
    private @Nullable ConfirmChannel channel;

    /** @param exchange name, empty for the default exchange, which takes a queue's name for a routing key */
    public ChannelPublisher(
            ConnectionFactory connections, Topology topology, String exchange, Duration confirmTimeout) {
        this.connections = connections;
        this.topology = topology;
        this.exchange = exchange;
        this.confirmTimeout = confirmTimeout;
    }

    @Override
    public void publish(List<OutboundMessage> batch) throws PublicationFailed {
        if (batch.isEmpty()) {
            return;
        }
        turn.lock();
        try {
            ConfirmChannel open = channel();
            try {
                open.publish(List.copyOf(batch), confirmTimeout);
            } catch (PublicationFailed e) {
                abandon();
                throw e;
            }
        } finally {
            turn.unlock();
        }
    }

    private ConfirmChannel channel() throws PublicationFailed {
        ConfirmChannel existing = channel;
        if (existing != null && existing.isOpen()) {
            return existing;
        }
        abandon();
        try {
            Connection connection = RawChannels.connection(connections);
            topology.declare();
            ConfirmChannel opened = ConfirmChannel.open(connection, exchange);
            channel = opened;
            return opened;
        } catch (IOException | RuntimeException e) {
            throw new PublicationFailed(0, "the broker can't be published to: " + e.getMessage(), e);
        }
    }

    private void abandon() {
        if (channel != null) {
            channel.abandon();
            channel = null;
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            abandon();
        } finally {
            turn.unlock();
        }
    }
}
