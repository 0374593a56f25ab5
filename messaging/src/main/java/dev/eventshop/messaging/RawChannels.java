package dev.eventshop.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import org.springframework.amqp.AmqpResourceNotAvailableException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * Channels of the client itself, on the connection that Spring keeps for publishers. Spring's own are kept for others
 * when they are closed, together with whatever the broker still has to confirm on them.
 */
public final class RawChannels {

    private RawChannels() {}

    /** @return the connection for publishers, which a broker in need may hold up; that of the consumers goes on */
    public static Connection connection(ConnectionFactory connections) {
        ConnectionFactory publishers = connections.getPublisherConnectionFactory();
        return (publishers == null ? connections : publishers)
                .createConnection()
                .getDelegate();
    }

    /** @return a new channel, which is the caller's to close */
    public static Channel open(ConnectionFactory connections) throws IOException {
        return open(connection(connections));
    }

    /** @return a new channel, which is the caller's to close */
    public static Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new AmqpResourceNotAvailableException("the connection has no channel left");
        }
        return channel;
    }
}
