package dev.eventshop.messaging.publishing;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.PublisherConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A channel in confirm mode, for one batch at a time, up to the first failure. Writing has a thread of its own: a
 * broker that is short of memory stops reading, and then a write takes as long as that lasts.
 */
final class ConfirmChannel {

    private final Channel channel;
    private final String exchange;
    private final ExecutorService writer;
    private volatile @Nullable Batch current;
    private volatile boolean writing;

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
        Channel channel = PublisherConnection.open(connection);
        channel.confirmSelect();
        return new ConfirmChannel(channel, exchange);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void publish(List<Publication> messages, Duration confirmTimeout, PublishingMeters meters)
            throws PublicationFailed {
        Batch batch = new Batch(messages, channel.getNextPublishSeqNo());
        current = batch;
        if (!channel.isOpen()) { // its listener may have come before there was a batch
            batch.lost("the connection to the broker was lost", channel.getCloseReason());
        }
        writing = true;
        writer.execute(() -> write(batch));
        try {
            batch.await(confirmTimeout);
        } finally {
            current = null;
            batch.count(meters);
        }
    }

    private void write(Batch batch) {
        try {
            for (Publication message : batch.messages()) {
                if (!batch.beforeWriting()) {
                    return;
                }
                channel.basicPublish(
                        exchange, message.routingKey(), message.mandatory(), message.properties(), message.body());
            }
        } catch (IOException | RuntimeException e) {
            batch.lost("the message could not be written: " + e.getMessage(), e);
        } finally {
            writing = false;
            batch.writingEnded();
        }
    }

    private void settle(long tag, boolean multiple, boolean confirmed) {
        Batch batch = current;
        if (batch != null) {
            batch.settle(tag, multiple, confirmed);
        }
    }

    /** @return whether a write has not ended */
    boolean isWriting() {
        return writing;
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

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, "messaging-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
