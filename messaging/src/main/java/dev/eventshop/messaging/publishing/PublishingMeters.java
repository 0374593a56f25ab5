package dev.eventshop.messaging.publishing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts messages by where they are sent to. */
final class PublishingMeters {

    private final MeterRegistry registry;
    private final Map<String, Counters> byRoutingKey = new ConcurrentHashMap<>();

    PublishingMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(String routingKey, boolean confirmed, boolean returned) {
        Counters counters = byRoutingKey.computeIfAbsent(routingKey, this::counters);
        counters.published.increment();
        if (returned) {
            counters.returned.increment();
        } else if (confirmed) {
            counters.confirmed.increment();
        }
    }

    private Counters counters(String routingKey) {
        return new Counters(
                counter("published", "Messages sent to the broker", routingKey),
                counter("confirmed", "Messages that the broker has stored and routed", routingKey),
                counter("returned", "Messages that no queue took", routingKey));
    }

    private Counter counter(String name, String description, String routingKey) {
        return Counter.builder("eventshop.messaging." + name)
                .description(description)
                .tag("routing.key", routingKey)
                .register(registry);
    }

    private record Counters(Counter published, Counter confirmed, Counter returned) {}
}
