package dev.eventshop.benchmarks.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.benchmarks.shop.Latencies;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Sends a message again and again, or takes messages in, and nothing else. */
public final class BareClient {

    private static final long CONFIRM_MILLIS = 30_000;

    /** From here on a run is counted; before, it warms up. */
    private static final double COUNTED_FROM = 0.2;

    private final Connection connection;

    public BareClient(Connection connection) {
        this.connection = connection;
    }

    /**
     * Publishes to the exchange, persistent and mandatory, each message under an id of its own, and waits for the
     * confirms of each batch.
     *
     * @return confirmed messages per second, the first fifth not counted
     */
    public double publish(String exchange, GetResponse sample, Bodies bodies, int count, int batch)
            throws IOException, TimeoutException, InterruptedException {
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            long begin = System.nanoTime();
            int countedFrom = 0;
            for (int sent = 0; sent < count; ) {
                for (int end = Math.min(count, sent + batch); sent < end; sent++) {
                    AMQP.BasicProperties properties = sample.getProps()
                            .builder()
                            .messageId(UUID.randomUUID().toString())
                            .build();
                    channel.basicPublish(
                            exchange, sample.getEnvelope().getRoutingKey(), true, properties, bodies.body(sent));
                }
                channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
                if (countedFrom == 0 && sent >= count * COUNTED_FROM) {
                    countedFrom = sent;
                    begin = System.nanoTime();
                }
            }
            return (count - countedFrom) / ((System.nanoTime() - begin) / 1e9);
        }
    }

    /**
     * Publishes one message after the other at a fixed rate, each when the one before is confirmed.
     *
     * @return from the moment that each was due until its confirm
     */
    public Latencies confirms(String exchange, GetResponse sample, int perSecond, int seconds)
            throws IOException, TimeoutException, InterruptedException {
        Latencies latencies = new Latencies();
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            long begin = System.nanoTime();
            for (int i = 0; i < perSecond * seconds; i++) {
                long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                channel.basicPublish(
                        exchange, sample.getEnvelope().getRoutingKey(), true, sample.getProps(), sample.getBody());
                channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
                latencies.add(System.nanoTime() - due);
            }
        }
        return latencies;
    }

    /**
     * Takes messages in, and acknowledges them by the half of its prefetch.
     *
     * @return messages per second, the first fifth not counted
     */
    public double consume(String queue, int count, int prefetch)
            throws IOException, TimeoutException, InterruptedException {
        try (Channel channel = connection.createChannel()) {
            channel.basicQos(prefetch);
            CountDownLatch done = new CountDownLatch(1);
            AtomicLong begin = new AtomicLong();
            AtomicLong end = new AtomicLong();
            int countedFrom = (int) (count * COUNTED_FROM);
            channel.basicConsume(queue, false, new DefaultConsumer(channel) {
                private int taken;

                @Override
                public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                        throws IOException {
                    taken++;
                    if (taken == countedFrom) {
                        begin.set(System.nanoTime());
                    }
                    if (taken % (prefetch / 2) == 0 || taken == count) {
                        getChannel().basicAck(envelope.getDeliveryTag(), true);
                    }
                    if (taken == count) {
                        end.set(System.nanoTime());
                        done.countDown();
                    }
                }
            });
            done.await();
            return (count - countedFrom) / ((end.get() - begin.get()) / 1e9);
        }
    }

    /** @return messages that are ready in the queue */
    public int ready(String queue) throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            return channel.queueDeclarePassive(queue).getMessageCount();
        }
    }

    /** @return the next message, taken out */
    public GetResponse take(String queue) throws IOException, TimeoutException, InterruptedException {
        try (Channel channel = connection.createChannel()) {
            while (true) {
                GetResponse message = channel.basicGet(queue, true);
                if (message != null) {
                    return message;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    public void purge(String queue) throws IOException, TimeoutException {
        try (Channel channel = connection.createChannel()) {
            channel.queuePurge(queue);
        }
    }

    /**
     * Watches how many messages are in a queue.
     *
     * @param count how many will have come, or gone
     * @param passed of them, by how many are in the queue
     * @return per second, the first fifth not counted
     */
    public double watch(String queue, int count, Passed passed)
            throws IOException, TimeoutException, InterruptedException {
        try (Channel channel = connection.createChannel()) {
            long begin = 0;
            int from = 0;
            while (true) {
                int now = passed.of(channel.queueDeclarePassive(queue).getMessageCount());
                if (begin == 0 && now >= count * COUNTED_FROM) {
                    begin = System.nanoTime();
                    from = now;
                }
                if (now >= count) {
                    return (count - from) / ((System.nanoTime() - begin) / 1e9);
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    /** Makes the body of each message. */
    public interface Bodies {
        byte[] body(int index);
    }

    /** Counts messages by those in a queue. */
    public interface Passed {
        int of(int inQueue);
    }
}
