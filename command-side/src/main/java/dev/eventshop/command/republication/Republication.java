package dev.eventshop.command.republication;

import dev.eventshop.eventstore.Position;
import org.jspecify.annotations.Nullable;

/**
 * A republication as it is written down.
 *
 * @param total     events that are to be sent
 * @param processed of them those that the broker has confirmed
 * @param reached   all up to it are confirmed
 * @param error     what keeps it from getting on, or why it failed; null when nothing does
 */
public record Republication(
        long id,
        RepublicationOrder order,
        RepublicationState state,
        long total,
        long processed,
        Position reached,
        @Nullable String error) {}
