package dev.eventshop.messaging.inbox;

import java.time.Instant;

/**
 * How often a message has failed.
 *
 * @param count   including the last one
 * @param firstAt when it failed for the first time
 */
public record FailedAttempts(int count, Instant firstAt) {}
