package dev.eventshop.notification.delivery;

import dev.eventshop.notification.delivery.ledger.Deliveries;
import dev.eventshop.notification.delivery.ledger.SendLimit;
import dev.eventshop.notification.delivery.ledger.WakeUp;
import dev.eventshop.notification.delivery.mail.Mailer;
import dev.eventshop.notification.delivery.template.MailTemplates;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The threads that bring due emails to the mail server. They are apart from the consumers: whatever the mail server
 * does, messages are taken from the queues.
 */
@Component
final class DeliveryWorkers implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorkers.class);
    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
    private static final Duration CUT_OFF_WITHIN = Duration.ofSeconds(5);

    private final Deliveries deliveries;
    private final WakeUp wakeUp;
    private final DeliveryProperties properties;
    private final Mailer mailer;
    private final Set<UUID> claims = ConcurrentHashMap.newKeySet();
    private final Courier courier;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    DeliveryWorkers(
            Deliveries deliveries,
            WakeUp wakeUp,
            DeliveryProperties properties,
            Mailer mailer,
            MailTemplates templates,
            MailServerCircuit circuit,
            SendLimit limit,
            MeterRegistry meters) {
        this.deliveries = deliveries;
        this.wakeUp = wakeUp;
        this.properties = properties;
        this.mailer = mailer;
        this.courier = new Courier(deliveries, mailer, templates, circuit, limit, properties, meters);
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        for (int i = 1; i <= properties.workers(); i++) {
            Thread thread = new Thread(this::work, "mail-delivery-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work() {
        while (running) {
            try {
                long seen = wakeUp.seen();
                Duration pause = deliverBatch();
                if (!pause.isZero()) {
                    wakeUp.await(seen, pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warn("The ledger can't be read or written, emails are delayed: {}", e.getMessage());
                LOG.debug("cause", e);
                pause();
            } catch (Error e) { // without these threads, nothing is delivered
                LOG.error("Emails are delayed", e);
                pause();
            }
        }
    }

    /** @return how long to wait before the next one */
    private Duration deliverBatch() {
        UUID claim = UUID.randomUUID();
        claims.add(claim);
        try {
            return courier.deliver(claim, () -> running);
        } finally {
            claims.remove(claim);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(DATABASE_PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lengthens the leases of what this process is working at. */
    void renewLeases() {
        deliveries.renew(claims, properties.lease());
    }

    /** Emails in hand are finished; one that takes too long is broken off, so that what became of it is written down. */
    @Override
    public synchronized void stop() {
        running = false;
        wakeUp.now();
        awaitEnd(STOP_WITHIN);
        mailer.hangUp();
        awaitEnd(CUT_OFF_WITHIN);
        threads.clear();
    }

    private void awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
