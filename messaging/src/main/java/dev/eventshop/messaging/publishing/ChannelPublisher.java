package dev.eventshop.messaging.publishing;

import com.rabbitmq.client.Connection;
import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.OutboundMessage;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.PublisherConnection;
import dev.eventshop.messaging.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one exchange, over a channel that is kept until something fails on it: after a failure the broker may
 * still confirm what was published before, and nothing of that may be taken for an answer to the next batch.
 */
public final class ChannelPublisher implements ConfirmedPublisher, AutoCloseable {

    private final ReentrantLock turn = new ReentrantLock(true);
    private final PublisherConnection connection;
    private final Topology topology;
    private final String exchange;
    private final Duration confirmTimeout;
    private final PublishingMeters meters;
    private @Nullable Connection watched;
    private @Nullable ConfirmChannel channel;
    private AtomicReference<@Nullable String> blocked = new AtomicReference<>();

    /**
     * @param exchange       name, empty for the default exchange, which takes a queue's name for a routing key
     * @param confirmTimeout how long a batch may take from its first byte to its last confirmation
     */
    public ChannelPublisher(
            PublisherConnection connection,
            Topology topology,
            String exchange,
            Duration confirmTimeout,
            MeterRegistry registry) {
        this.connection = connection;
        this.topology = topology;
        this.exchange = exchange;
        this.confirmTimeout = confirmTimeout;
        this.meters = new PublishingMeters(registry);
    }

    @Override
    public void publish(List<OutboundMessage> batch) throws PublicationFailed {
        send(batch.stream().map(Publication::of).toList());
    }

    /** As {@link #publish}, with properties that are taken as they are. */
    public void send(List<Publication> batch) throws PublicationFailed {
        if (batch.isEmpty()) {
            return;
        }
        turn.lock();
        try {
            ConfirmChannel open = channel();
            try {
                open.publish(batch, confirmTimeout, meters);
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
            refuseWhileBlocked();
            return existing;
        }
        abandon();
        try {
            Connection current = connection.get();
            watch(current);
            refuseWhileBlocked();
            topology.declare();
            ConfirmChannel opened = ConfirmChannel.open(current, exchange);
            channel = opened;
            return opened;
        } catch (IOException | RuntimeException e) {
            throw new PublicationFailed(0, "the broker can't be published to: " + e.getMessage(), e);
        }
    }

    private void watch(Connection current) {
        if (current != watched) {
            AtomicReference<@Nullable String> reason = new AtomicReference<>();
            current.addBlockedListener(reason::set, () -> reason.set(null));
            watched = current;
            blocked = reason;
        }
    }

    /** A broker that is short of memory or disk says so, and then does not even read. */
    private void refuseWhileBlocked() throws PublicationFailed {
        String reason = blocked.get();
        if (reason != null) {
            throw new PublicationFailed(0, "the broker takes no messages at the moment: " + reason, null);
        }
    }

    private void abandon() {
        ConfirmChannel abandoned = channel;
        channel = null;
        if (abandoned == null) {
            return;
        }
        if (abandoned.isWriting() && watched != null) {
            connection.breakOff(watched);
        }
        abandoned.abandon();
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
