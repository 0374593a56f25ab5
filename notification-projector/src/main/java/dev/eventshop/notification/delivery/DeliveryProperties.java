package dev.eventshop.notification.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How emails are delivered.
 *
 * @param from               sender of all emails
 * @param shopName           name of the shop in subjects and texts
 * @param workers            threads that talk to the mail server, each with one connection; 4 keep a local server busy
 * @param batchSize          emails that a worker claims at once; small, so that several workers share a short queue
 * @param pollInterval       how often workers look for due emails; what this JVM records itself wakes them at once
 * @param lease              how long a claim lasts without being renewed; renewed three times in that time as long as
 *     the process lives, so it only bounds how long the emails of a dead process stay unattended
 * @param retryFor           how long an email that is refused for now is tried before it is given up; time in which it was
 *     due and nobody could try it does not count
 * @param waitForRecipient   how long an email waits for the message that brings its user or order
 * @param firstRetry         pause after the first refusal of an email, doubled with each further one
 * @param longestRetry       bound of that pause
 * @param sendTimeout        how long connecting may take, and handing over one email, however slowly the mail server
 *     answers
 * @param sendsPerMinute     most emails in a minute, evenly spaced, of all instances together; 0 for no limit
 * @param circuitWindow      outcomes that tell whether the mail server works: when half of them are its failures, and from
 *     half of that number on, the workers leave it alone for a while
 * @param firstReconnect     pause of all workers when the mail server does not work, doubled with each further try
 * @param longestReconnect   bound of that pause: how late the drain starts after the mail server is back
 * @param sweepInterval      how often waiting emails, ended leases and ended waits are looked for, which finds what a
 *     crash has left behind
 */
@ConfigurationProperties("eventshop.notification")
public record DeliveryProperties(
        @DefaultValue("Eventshop <no-reply@eventshop.example>")
        String from,

        @DefaultValue("Eventshop") String shopName,
        @DefaultValue("4") int workers,
        @DefaultValue("10") int batchSize,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("24h") Duration retryFor,
        @DefaultValue("24h") Duration waitForRecipient,
        @DefaultValue("5s") Duration firstRetry,
        @DefaultValue("15m") Duration longestRetry,
        @DefaultValue("60s") Duration sendTimeout,
        @DefaultValue("0") int sendsPerMinute,
        @DefaultValue("10") int circuitWindow,
        @DefaultValue("500ms") Duration firstReconnect,
        @DefaultValue("10s") Duration longestReconnect,
        @DefaultValue("10s") Duration sweepInterval) {

    public DeliveryProperties {
        if (workers < 1 || batchSize < 1 || circuitWindow < 1) {
            throw new IllegalArgumentException(
                    "eventshop.notification.workers, batch-size and circuit-window must be positive");
        }
        if (sendTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("eventshop.notification.send-timeout must be positive");
        }
    }
}
