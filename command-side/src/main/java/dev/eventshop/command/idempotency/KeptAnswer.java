package dev.eventshop.command.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * What a call was answered, as far as the answers to calls differ.
 *
 * @param status   of HTTP
 * @param location header, null for none
 * @param eTag     header, null for none
 * @param position header {@code Event-Position}, null for none
 * @param body     JSON, null for none. Ids, states and amounts; no personal data
 */
public record KeptAnswer(
        int status,
        @Nullable String location,
        @Nullable String eTag,
        @Nullable String position,
        @Nullable String body) {}
