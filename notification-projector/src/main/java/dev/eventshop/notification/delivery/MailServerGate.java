package dev.eventshop.notification.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps all workers of this process from a mail server that could not be reached, for a pause that doubles with each
 * further try, so that an outage costs a few connection attempts and not one per email.
 */
@Component
final class MailServerGate {

    private static final Logger LOG = LoggerFactory.getLogger(MailServerGate.class);

    private final Backoff backoff;
    private int failures;
    private long closedUntil = System.nanoTime();
    private @Nullable String cause;

    MailServerGate(DeliveryProperties properties) {
        this.backoff = new Backoff(properties.firstReconnect(), properties.longestReconnect());
    }

    /** @return how long it stays closed, zero when it is open */
    synchronized Duration closedFor() {
        return Duration.ofNanos(Math.max(0, closedUntil - System.nanoTime()));
    }

    /**
     * The mail server could not be reached.
     *
     * @return the pause
     */
    synchronized Duration close(String reason) {
        if (closedUntil - System.nanoTime() > 0) {
            return closedFor(); // another worker has found out at the same time
        }
        failures++;
        if (failures == 1) {
            LOG.warn("Emails are delayed, tried again with growing pauses. {}", reason);
        }
        cause = reason;
        Duration pause = backoff.after(failures);
        closedUntil = System.nanoTime() + pause.toNanos();
        return pause;
    }

    /** The mail server is there. */
    synchronized void open() {
        if (failures > 0) {
            LOG.info("The mail server is back after {} failed connections.", failures);
        }
        failures = 0;
        cause = null;
    }

    /** @return why emails are delayed, null when they are not */
    synchronized @Nullable String cause() {
        return cause;
    }
}
