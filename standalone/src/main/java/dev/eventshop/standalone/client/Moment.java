package dev.eventshop.standalone.client;

import java.util.Map;

/**
 * A place in the event store, as the services take it.
 *
 * @param kind {@code position} or {@code time}
 */
public record Moment(String kind, String text) {

    Map<String, String> json() {
        return Map.of(kind, text);
    }
}
