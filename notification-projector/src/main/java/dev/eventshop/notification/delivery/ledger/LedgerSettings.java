package dev.eventshop.notification.delivery.ledger;

import java.time.Duration;

/**
 * How long the ledger keeps trying.
 *
 * @param retryFor         how long an email with a known recipient is tried before it is given up
 * @param waitForRecipient how long an email waits for the message that brings its user or order
 */
public record LedgerSettings(Duration retryFor, Duration waitForRecipient) {}
