package dev.eventshop.messaging.subscribing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What became of the messages of one queue. */
final class SubscriptionMeters {

    final Counter received;
    final Counter duplicates;
    final Counter retried;
    final Counter deadLettered;
    final Timer handled;

    SubscriptionMeters(MeterRegistry registry, String queue) {
        received = counter(registry, "received", "Messages taken from the queue, redelivered ones included", queue);
        duplicates = counter(registry, "duplicates", "Messages dropped since they had their effect before", queue);
        retried = counter(registry, "retried", "Attempts that failed and were followed by another", queue);
        deadLettered = counter(registry, "dead.lettered", "Messages moved to the dead-letter queue", queue);
        handled = Timer.builder("eventshop.messaging.handled")
                .description("Messages that had their effect, with the time that took")
                .tag("queue", queue)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String queue) {
        return Counter.builder("eventshop.messaging." + name)
                .description(description)
                .tag("queue", queue)
                .register(registry);
    }
}
