package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.PublisherConnection;
import dev.eventshop.messaging.Topology;
import dev.eventshop.messaging.deadletter.DeadLetters;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscriptions from their start to their stop. A thread of their own connects the consumers when the broker is there,
 * and starts again what has ended.
 */
final class RunningSubscriptions {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSubscriptions.class);

    private static final Backoff CONNECTING = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final int NO_LONGER = 2;

    private final PublisherConnection connection;
    private final Topology topology;
    private final DatabaseGate database;
    private final DeadLetters deadLetters;
    private final List<Consumption> consumptions;
    private final List<SubscriptionContainer> containers;
    private final Duration stopTimeout;
    private final Map<SubscriptionContainer, Integer> looksWithoutConsumers = new HashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread keeper = new Thread(this::keep, "messaging-subscriptions");

    RunningSubscriptions(
            PublisherConnection connection,
            Topology topology,
            DatabaseGate database,
            DeadLetters deadLetters,
            List<Consumption> consumptions,
            List<SubscriptionContainer> containers,
            Duration stopTimeout) {
        this.connection = connection;
        this.topology = topology;
        this.database = database;
        this.deadLetters = deadLetters;
        this.consumptions = consumptions;
        this.containers = containers;
        this.stopTimeout = stopTimeout;
        keeper.setDaemon(true);
        keeper.start();
    }

    private void keep() {
        try {
            Duration pause;
            int failures = 0;
            do {
                try {
                    startWhatDoesNotRun();
                    restartWhatDoesNotConsume();
                    failures = 0;
                    pause = LOOK_EVERY;
                } catch (IOException | TimeoutException | RuntimeException e) {
                    pause = CONNECTING.after(++failures);
                    LOG.warn("Not all subscriptions run, next attempt in {} ms: {}", pause.toMillis(), e.toString());
                } catch (Error e) { // without this thread, nothing is started again
                    pause = CONNECTING.after(++failures);
                    LOG.error("Not all subscriptions run, next attempt in {} ms", pause.toMillis(), e);
                }
            } while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startWhatDoesNotRun() {
        if (containers.stream().allMatch(SubscriptionContainer::isRunning)) {
            return;
        }
        topology.declare();
        for (SubscriptionContainer container : containers) {
            if (!container.isRunning() && stopping.getCount() > 0) {
                container.start();
            }
        }
    }

    /**
     * Not every broker tells its consumers when their queue is deleted: RabbitMQ does, Qpid doesn't. Where the queue has
     * no consumer at all, they start anew.
     */
    private void restartWhatDoesNotConsume() throws IOException, TimeoutException {
        for (SubscriptionContainer container : containers) {
            if (hasConsumers(container.queue())) {
                looksWithoutConsumers.remove(container);
            } else if (looksWithoutConsumers.merge(container, 1, Integer::sum) >= NO_LONGER
                    && stopping.getCount() > 0) {
                LOG.warn("Nobody consumes from queue {} any more, so its consumers start anew", container.queue());
                looksWithoutConsumers.remove(container);
                container.stop();
                container.start();
            }
        }
    }

    private boolean hasConsumers(String queue) throws IOException, TimeoutException {
        try (Channel channel = PublisherConnection.open(connection.get())) {
            return channel.consumerCount(queue) > 0;
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException) { // there is no such queue
                return false;
            }
            throw e;
        }
    }

    /** Lets what is in work end, as long as it can still be acknowledged. */
    void stop() throws InterruptedException {
        stopping.countDown();
        consumptions.forEach(Consumption::stopping);
        database.close();
        keeper.join(stopTimeout.toMillis());
        long deadline = System.nanoTime() + stopTimeout.toNanos();
        for (Consumption consumption : consumptions) {
            consumption.awaitStopped(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        deadLetters.stop(stopTimeout);
        CountDownLatch stopped = new CountDownLatch(containers.size());
        containers.forEach(container -> container.stop(stopped::countDown));
        stopped.await(stopTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
