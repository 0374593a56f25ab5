package dev.eventshop.eventstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found so far.
 *
 * @param events  in the order that was asked for; may be empty although more follow
 * @param reached where to go on: all up to there was looked at; null when nothing is left
 */
public record SearchStep<P>(
        List<StoredEvent> events, @Nullable P reached) {

    public SearchStep {
        events = List.copyOf(events);
    }
}
