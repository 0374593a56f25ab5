package dev.eventshop.notification.deadletter;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.deadletter.DeadLetterReturn;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sends dead letters back to their queues, those that operators have asked for: the broker has it first, the row says so
 * then. A crash in between sends a second copy, which the inbox drops. No transaction is open while the broker is asked.
 */
@Component
final class DeadLetterSender implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterSender.class);

    private static final Backoff AWAY = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
    private static final long SECONDS_TO_STOP = 10;

    private final JdbcDeadLetters letters;
    private final DeadLetterReturn queues;
    private final DeadLetterProperties properties;
    private final Semaphore wanted = new Semaphore(0);
    private volatile @Nullable Thread worker;

    DeadLetterSender(JdbcDeadLetters letters, DeadLetterReturn queues, DeadLetterProperties properties) {
        this.letters = letters;
        this.queues = queues;
        this.properties = properties;
    }

    /** There is something to send. */
    void wakeUp() {
        wanted.release();
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::run, "dead-letter-sender");
        thread.setDaemon(true);
        worker = thread;
        thread.start();
    }

    private void run() {
        int failures = 0;
        try {
            while (isRunning()) {
                Duration pause = failures == 0 ? properties.sendInterval() : AWAY.after(failures);
                if (wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wanted.drainPermits();
                }
                failures = sendAll() ? 0 : failures + 1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false when something is away */
    private boolean sendAll() {
        try {
            boolean more;
            do {
                UUID claim = UUID.randomUUID();
                Optional<JdbcDeadLetters.Claimed> claimed = letters.claim(claim);
                claimed.ifPresent(letter -> send(letter, claim));
                more = claimed.isPresent();
            } while (more && isRunning());
            return true;
        } catch (RuntimeException e) {
            LOG.warn("Dead letters can't be sent back yet: {}", e.toString());
            return false;
        } catch (Error e) { // without this thread, nothing is sent back
            LOG.error("Dead letters can't be sent back yet", e);
            return false;
        }
    }

    private void send(JdbcDeadLetters.Claimed claimed, UUID claim) {
        Optional<ParkedMessage> message = letters.open(claimed);
        if (message.isEmpty()) {
            letters.lost(claimed.id(), claim);
            return;
        }
        try {
            queues.send(message.get());
        } catch (PublicationFailed e) {
            letters.notSent(claimed.id(), claim, AWAY.longest());
            throw new IllegalStateException(e.getMessage(), e);
        }
        letters.sent(claimed.id(), claim);
    }

    @Override
    public void stop() {
        Thread ending = worker;
        worker = null;
        if (ending == null) {
            return;
        }
        wakeUp();
        try {
            ending.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }
}
