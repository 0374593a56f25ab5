package dev.eventshop.standalone.probe;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of one event: when it reached which hop, counted from the command, or why it did not. A hop that is in neither
 * is none of its way.
 */
final class Trace {

    private final String event;
    private final Map<Hop, Duration> reached = new EnumMap<>(Hop.class);
    private final Map<Hop, String> missed = new EnumMap<>(Hop.class);

    Trace(String event) {
        this.event = event;
    }

    synchronized void reached(Hop hop, Duration after) {
        reached.put(hop, after);
    }

    /** @param reason in addition to what the hop says; empty for none */
    synchronized void missed(Hop hop, String reason) {
        missed.put(hop, reason);
    }

    String event() {
        return event;
    }

    synchronized Optional<Duration> time(Hop hop) {
        return Optional.ofNullable(reached.get(hop));
    }

    synchronized boolean isMissed(Hop hop) {
        return missed.containsKey(hop);
    }

    /** @return sentences; empty when it went all its way */
    synchronized List<String> problems() {
        return missed.entrySet().stream()
                .map(miss -> event + ": " + miss.getKey().failure()
                        + (miss.getValue().isEmpty() ? "." : " (" + miss.getValue() + ")."))
                .toList();
    }
}
