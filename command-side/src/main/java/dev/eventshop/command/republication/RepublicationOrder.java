package dev.eventshop.command.republication;

import dev.eventshop.eventstore.EventFilter;
import dev.eventshop.eventstore.Position;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent, and where to.
 *
 * @param queue         name
 * @param after         events behind it
 * @param upTo          and up to it; below the horizon of the store, so that nothing can turn up in between
 * @param filter        of them those that it lets through
 * @param ratePerSecond most events per second; null for no bound
 */
public record RepublicationOrder(
        String queue,
        Position after,
        Position upTo,
        EventFilter filter,
        @Nullable Integer ratePerSecond) {}
