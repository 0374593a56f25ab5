package dev.eventshop.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.SocketConfigurator;
import com.rabbitmq.client.impl.NetworkConnection;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.springframework.amqp.AmqpResourceNotAvailableException;
import org.springframework.amqp.rabbit.connection.AbstractConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * The connection that Spring keeps for publishers, which a broker in need may hold up while that of the consumers goes
 * on; with channels of the client itself. Spring's own are kept for others when they are closed, together with whatever
 * the broker still has to confirm on them. Connects when it is used, and again when the connection was lost.
 */
public final class PublisherConnection {

    private final ConnectionFactory connections;
    private final Set<Socket> sockets = Collections.newSetFromMap(new WeakHashMap<>());

    /** @param connections not in use yet */
    public PublisherConnection(ConnectionFactory connections) {
        ConnectionFactory publishers = connections.getPublisherConnectionFactory();
        this.connections = publishers == null ? connections : publishers;
        if (connections instanceof AbstractConnectionFactory spring) {
            com.rabbitmq.client.ConnectionFactory client = spring.getRabbitConnectionFactory();
            SocketConfigurator configurator = client.getSocketConfigurator();
            client.setSocketConfigurator(configurator == null ? this::remember : configurator.andThen(this::remember));
        }
    }

    private void remember(Socket socket) {
        synchronized (sockets) {
            sockets.add(socket);
        }
    }

    /**
     * @return the connection as it is now
     * @throws org.springframework.amqp.AmqpException when the broker can't be reached or refuses the login
     */
    public Connection get() {
        return connections.createConnection().getDelegate();
    }

    /** @return a new channel, which is the caller's to close */
    public static Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new AmqpResourceNotAvailableException("the connection has no channel left");
        }
        return channel;
    }

    /**
     * Closes the socket under a connection on which a write does not end. The client (5.30) has no bound on that: while
     * the broker does not read, the one who writes holds the lock that closing the connection needs, and so do missed
     * heartbeats.
     */
    public void breakOff(Connection connection) {
        if (!(connection instanceof NetworkConnection network)) {
            return;
        }
        List<Socket> known;
        synchronized (sockets) {
            known = new ArrayList<>(sockets);
        }
        for (Socket socket : known) {
            if (socket.getLocalPort() == network.getLocalPort()
                    && socket.getPort() == network.getPort()
                    && network.getAddress().equals(socket.getInetAddress())) {
                close(socket);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }
}
