package dev.eventshop.eventstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A segment of a processor as it is stored.
 *
 * @param segment   id
 * @param position  every event up to it has been processed; {@link Position#START} before the first
 * @param owner     who has claimed it last; null when nobody has, or the claim was given back
 * @param claimed   whether the claim still holds
 * @param claimedAt when the claim was made, or extended last, by the database's clock; null without owner
 */
public record TokenStatus(
        int segment,
        Position position,
        @Nullable String owner,
        boolean claimed,
        @Nullable Instant claimedAt) {}
