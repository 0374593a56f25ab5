package dev.eventshop.messaging.deadletter;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventshop.messaging.PublisherConnection;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.context.SmartLifecycle;

/**
 * Moves messages from the dead-letter queues to where they are kept: kept first, acknowledged then, one at a time. Each
 * rests in its queue for a while, where others can see it, or take it: what is collected is as many messages as there
 * were the last time, from the front.
 *
 * <p>Several instances may do so at the same time.
 */
public final class DeadLetterCollector implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCollector.class);

    private static final long SECONDS_TO_STOP = 10;

    /**
     * Messages that can't be kept, in one look at a queue: then it may be not the messages that fail. Each further look
     * goes twice as far, since it may be the messages all the same, and good ones behind them.
     */
    private static final long FEW_FAILURES = 10;

    private final PublisherConnection connection;
    private final Topology topology;
    private final ParkedMessages kept;
    private final Duration rest;
    private final Map<String, Long> seen = new HashMap<>();
    private final Map<String, Long> failed = new HashMap<>();
    private volatile @Nullable Run running;

    /** @param rest pause between two looks at the queues */
    public DeadLetterCollector(PublisherConnection connection, Topology topology, ParkedMessages kept, Duration rest) {
        this.connection = connection;
        this.topology = topology;
        this.kept = kept;
        this.rest = rest;
    }

    @Override
    public void start() {
        running = new Run();
    }

    @Override
    public void stop() {
        Run ending = running;
        running = null;
        if (ending != null) {
            ending.end();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** From a start to a stop. */
    private final class Run {

        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread thread = new Thread(this::run, "messaging-dead-letter-collector");

        Run() {
            thread.setDaemon(true);
            thread.start();
        }

        void end() {
            ended.countDown();
            try {
                thread.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isOver() {
            return ended.getCount() == 0;
        }

        private void run() {
            try {
                do {
                    lookAtAll();
                } while (!ended.await(rest.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void lookAtAll() {
            try {
                queues().forEach(this::look);
            } catch (AmqpException e) {
                LOG.debug("Dead letters stay where they are, since the broker is away", e);
            } catch (Throwable e) { // without this thread, nothing is collected
                LOG.error("Dead letters stay where they are for now", e);
            }
        }

        /** @throws AmqpException when the broker is away */
        private void look(String queue) {
            if (isOver()) {
                return;
            }
            try (Channel channel = PublisherConnection.open(connection.get())) {
                long now = channel.messageCount(QueueDefinition.deadLetterQueue(queue));
                long before = seen.getOrDefault(queue, 0L);
                long left = now - collect(channel, queue, Math.min(before, now));
                seen.put(queue, left);
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                LOG.debug("Dead letters of queue {} stay where they are for now", queue, e);
            }
        }

        /** What can't be kept goes back to its queue with the channel's end, and holds up nothing behind it. */
        private long collect(Channel channel, String queue, long count) throws IOException {
            if (count == 0 || !canKeep()) {
                return 0;
            }
            long bound = Math.max(FEW_FAILURES, 2 * failed.getOrDefault(queue, 0L));
            long collected = 0;
            long failures = 0;
            while (collected + failures < count && failures < bound && !isOver()) {
                GetResponse letter = channel.basicGet(QueueDefinition.deadLetterQueue(queue), false);
                if (letter == null) {
                    break;
                }
                if (keep(new ParkedMessage(queue, letter.getProps(), letter.getBody()))) {
                    channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
                    collected++;
                } else {
                    failures++;
                    if (!canKeep()) {
                        break;
                    }
                }
            }
            failed.put(queue, failures);
            return collected;
        }

        private boolean canKeep() {
            try {
                kept.probe();
                return true;
            } catch (RuntimeException e) {
                LOG.debug("Dead letters stay where they are, since none can be kept", e);
                return false;
            }
        }

        private boolean keep(ParkedMessage message) {
            try {
                kept.keep(message);
                return true;
            } catch (RuntimeException e) {
                LOG.warn("A dead letter of queue {} can't be kept yet: {}", message.queue(), e.toString());
                return false;
            } catch (Error e) { // one that does not fit into memory, for example: those behind it may
                LOG.error("A dead letter of queue {} can't be kept yet", message.queue(), e);
                return false;
            }
        }
    }

    private List<String> queues() {
        return topology.queues().stream().map(QueueDefinition::queue).distinct().toList();
    }
}
