package dev.eventshop.messaging.subscribing;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();

    private static Delivery delivery(long tag, AtomicBoolean open) {
        Channel channel = (Channel) Proxy.newProxyInstance(
                ArrivalsTest.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("isOpen");
                    return open.get();
                });
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().messageId("m" + tag).build();
        return new Delivery(
                new Unacknowledged(channel),
                (ReceivedProperties) new ReceivedProperties.Converter()
                        .toMessageProperties(properties, new Envelope(tag, false, "exchange", "key"), "UTF-8"),
                new byte[0]);
    }

    @Test
    void areTakenInTheirOrderAndNoMoreThanAsked() throws Exception {
        AtomicBoolean open = new AtomicBoolean(true);
        List<Delivery> all = List.of(delivery(1, open), delivery(2, open), delivery(3, open));
        all.forEach(arrivals::add);
        assertThat(arrivals.take(2)).containsExactly(all.get(0), all.get(1));
        assertThat(arrivals.take(2)).containsExactly(all.get(2));
    }

    @Test
    void areWaitedFor() throws Exception {
        CompletableFuture<List<Delivery>> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return arrivals.take(2);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Delivery delivery = delivery(1, new AtomicBoolean(true));
        arrivals.add(delivery);
        assertThat(taken.get(1, TimeUnit.MINUTES)).containsExactly(delivery);
    }

    /** Or a worker that waits for the database would find what came over each of the connections that broke meanwhile. */
    @Test
    void goWhenTheyAreInTheirQueueAgain() throws Exception {
        AtomicBoolean lost = new AtomicBoolean(true);
        Delivery kept = delivery(3, new AtomicBoolean(true));
        arrivals.add(delivery(1, lost));
        arrivals.add(delivery(2, lost));
        arrivals.add(kept);
        lost.set(false);
        arrivals.dropLost();
        assertThat(arrivals.take(10)).containsExactly(kept);
    }

    @Test
    void endWithTheClosing() throws Exception {
        arrivals.add(delivery(1, new AtomicBoolean(true)));
        arrivals.close();
        assertThat(arrivals.take(10)).isEmpty();
    }
}
