package dev.eventshop.messaging.publishing;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.eventshop.messaging.OutboundMessage;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.RawChannels;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/**
 * A channel in confirm mode, for one batch at a time, up to the first failure. Writing has a thread of its own: a
 * broker that is short of memory stops reading, and then a write takes as long as that lasts.
 */
final class ConfirmChannel {

    private static final MessagePropertiesConverter PROPERTIES = new DefaultMessagePropertiesConverter();

    private final Channel channel;
    private final String exchange;
    private final ExecutorService writer;
    private volatile @Nullable Batch current;

    private ConfirmChannel(Channel channel, String exchange) {
        this.channel = channel;
        this.exchange = exchange;
        this.writer = Executors.newSingleThreadExecutor(task -> thread("publisher", task));
        channel.addConfirmListener(
                (tag, multiple) -> settle(tag, multiple, true), (tag, multiple) -> settle(tag, multiple, false));
        channel.addReturnListener(message -> {
            Batch batch = current;
            if (batch != null) {
                batch.returned(message.getProperties().getMessageId(), message.getRoutingKey(), message.getReplyText());
            }
        });
        channel.addShutdownListener(reason -> {
            Batch batch = current;
            if (batch != null) {
                batch.lost("the connection to the broker was lost: " + reason.getMessage(), reason);
            }
        });
    }

    static ConfirmChannel open(Connection connection, String exchange) throws IOException {
        Channel channel = RawChannels.open(connection);
        channel.confirmSelect();
        return new ConfirmChannel(channel, exchange);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void publish(List<OutboundMessage> messages, Duration confirmTimeout) throws PublicationFailed {
        Batch batch = new Batch(messages, channel.getNextPublishSeqNo());
        current = batch;
        if (!channel.isOpen()) { // its listener may have come before there was a batch
            batch.lost("the connection to the broker was lost", channel.getCloseReason());
        }
        writer.execute(() -> write(batch));
        batch.await(confirmTimeout);
        current = null;
    }

    private void write(Batch batch) {
        try {
            for (OutboundMessage message : batch.messages()) {
                AMQP.BasicProperties properties = PROPERTIES
                        .fromMessageProperties(message.message().getMessageProperties(), "UTF-8")
                        .builder()
                        .messageId(message.messageId())
                        .build();
                if (!batch.beforeWriting()) {
                    return;
                }
                channel.basicPublish(
                        exchange,
                        message.routingKey(),
                        message.mandatory(),
                        properties,
                        message.message().getBody());
            }
        } catch (IOException | RuntimeException e) {
            batch.lost("the message could not be written: " + e.getMessage(), e);
        } finally {
            batch.writingEnded();
        }
    }

    private void settle(long tag, boolean multiple, boolean confirmed) {
        Batch batch = current;
        if (batch != null) {
            batch.settle(tag, multiple, confirmed);
        }
    }

    /** Waits for nothing: the broker may not answer any more. */
    void abandon() {
        writer.shutdown();
        thread("publisher-close", () -> {
                    try {
                        channel.abort();
                    } catch (IOException e) {
                        // It is closed, one way or the other.
                    }
                })
                .start();
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, "messaging-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
