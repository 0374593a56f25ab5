package dev.eventshop.notification.deadletter;

import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; null everywhere means all.
 *
 * @param errorClass whole name
 */
public record DeadLetterFilter(
        @Nullable String queue, @Nullable String errorClass) {}
