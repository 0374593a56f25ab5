package dev.eventshop.notification.deadletter;

import java.time.Instant;

/**
 * How many of the dead letters failed first within an hour.
 *
 * @param from beginning of the hour
 */
public record DeadLetterHour(Instant from, long count) {}
