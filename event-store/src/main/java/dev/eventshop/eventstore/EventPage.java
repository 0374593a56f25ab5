package dev.eventshop.eventstore;

import java.util.List;

/**
 * Some of the events that were asked for.
 *
 * @param events in the order of their positions; may be empty although more follow
 * @param end    all that were asked for up to there are among these and those of the pages before
 */
public record EventPage(List<StoredEvent> events, Position end) {

    public EventPage {
        events = List.copyOf(events);
    }
}
