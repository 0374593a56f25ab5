package dev.eventshop.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;

/** Asks the broker for queues, whoever has declared them. Safe for use by several threads. */
public final class QueueLookup {

    /** What a name of AMQP has room for. */
    public static final int MAX_NAME_BYTES = 255;

    private final PublisherConnection connection;

    public QueueLookup(PublisherConnection connection) {
        this.connection = connection;
    }

    /**
     * @param queue name, not empty, of at most {@value #MAX_NAME_BYTES} bytes in UTF-8
     * @return whether the broker has it, also when it is another connection's alone
     * @throws org.springframework.amqp.AmqpException when the broker can't be asked; trying again can help
     */
    public boolean exists(String queue) {
        try {
            Channel channel = PublisherConnection.open(connection.get());
            try {
                return exists(channel, queue);
            } finally {
                channel.abort(); // the broker has closed it when there is no such queue
            }
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitExceptionTranslator.convertRabbitAccessException(e);
        }
    }

    private static boolean exists(Channel channel, String queue) throws IOException {
        try {
            channel.queueDeclarePassive(queue);
            return true;
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException closed
                    && closed.getReason() instanceof AMQP.Channel.Close reason) {
                if (reason.getReplyCode() == AMQP.NOT_FOUND) {
                    return false;
                }
                if (reason.getReplyCode() == AMQP.RESOURCE_LOCKED) {
                    return true;
                }
            }
            throw e;
        }
    }
}
