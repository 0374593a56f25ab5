package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ChannelProxy;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;

/**
 * Takes the messages of one subscription from its consumers, and lets threads of its own handle what has come by then.
 * None waits for others to come.
 */
final class Consumption implements ChannelAwareMessageListener {

    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

    private final MessageHandling handling;
    private final SubscriptionMeters meters;
    private final int together;
    private final Arrivals arrivals = new Arrivals();
    private final Map<Channel, Unacknowledged> channels = new ConcurrentHashMap<>();
    private final List<Thread> workers;

    /**
     * @param workers  threads
     * @param together messages that one of them handles at once, at most
     */
    Consumption(String queue, MessageHandling handling, SubscriptionMeters meters, int workers, int together) {
        this.handling = handling;
        this.meters = meters;
        this.together = together;
        this.workers = IntStream.rangeClosed(1, workers)
                .mapToObj(number -> new Thread(this::work, "messaging-" + queue + "-handling-" + number))
                .toList();
        this.workers.forEach(worker -> {
            worker.setDaemon(true);
            worker.start();
        });
    }

    @Override
    public void onMessage(Message message, @Nullable Channel channel) {
        Channel own = channel instanceof ChannelProxy proxy ? proxy.getTargetChannel() : channel;
        if (own == null || handling.isStopping()) {
            return; // goes back to the queue when the channel is closed
        }
        meters.received.increment();
        arrivals.add(new Delivery(
                unacknowledged(own), (ReceivedProperties) message.getMessageProperties(), message.getBody()));
    }

    /** Each channel's messages come from one thread. */
    private Unacknowledged unacknowledged(Channel channel) {
        Unacknowledged known = channels.get(channel);
        if (known != null) {
            return known;
        }
        Unacknowledged unacknowledged = new Unacknowledged(channel);
        channels.put(channel, unacknowledged);
        channel.addShutdownListener(
                cause -> { // at once, when it is closed by now
                    channels.remove(channel);
                    arrivals.dropLost();
                });
        return unacknowledged;
    }

    private void work() {
        try {
            List<Delivery> taken = arrivals.take(together);
            while (!taken.isEmpty()) {
                handle(taken);
                taken = arrivals.take(together);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stop has waited long enough
        }
    }

    /** Holds the messages when something fails that nobody has thought of: there may be no other thread for those behind. */
    private void handle(List<Delivery> taken) {
        try {
            handling.handle(taken);
        } catch (Throwable e) {
            LOG.error("{} messages are held", taken.size(), e);
            handling.hold(taken);
        }
    }

    /** From now on, messages are let go unhandled. */
    void stopping() {
        handling.stopping();
        arrivals.close();
    }

    /** Waits for what is in work, and no longer than that; then it is interrupted. */
    void awaitStopped(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Thread worker : workers) {
            worker.join(
                    Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            worker.interrupt();
        }
        handling.awaitStopped(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
}
