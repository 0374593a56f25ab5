package dev.eventshop.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of publishing and subscribing.
 *
 * @param exchange       topic exchange that events are published to (default {@code microservice.events})
 * @param queueType      kind of the queues and their dead-letter queues (default classic; quorum in a cluster). Queues
 *                       that exist keep theirs: another one is refused.
 * @param source         {@code app_id} and CloudEvents source of what is published (default: the application's name)
 * @param metadata       keys of the events' metadata that leave with a message (default {@code correlationId} and
 *                       {@code causationId}; metadata may tell more than receivers should know)
 * @param confirmTimeout how long the broker may take to confirm a batch (default 10 s: far above what it needs, and soon
 *                       enough to tell that something is wrong)
 * @param prefetch       messages that each consumer may hold unacknowledged (default 100; they are in memory, and those
 *                       that wait for another attempt count)
 * @param consumers      consumers of each queue (default 1; each may use a connection of the database's pool)
 * @param together       messages that are handled in one transaction at most, when so many have come (default 50; 1 for
 *                       each in its own)
 * @param attempts       how often a message is tried before it goes to the dead letters (default 5)
 * @param firstRetry     pause after the first failed attempt; doubled after each (default 500 ms)
 * @param longestRetry   longest pause between attempts (default 30 s)
 * @param permanentErrors names of classes of exceptions that no further attempt can help; subclasses and causes count
 *                       (default none besides those of {@link Subscribe})
 * @param queues         what is different for one queue, by its name
 * @param deadLetters    what becomes of dead letters
 * @param maxBodySize    largest body that is read; beyond: dead letters (default 1 MB: many times what an event needs)
 * @param inboxRetention how long a message is known as handled, and dropped when it comes again (default 30 days)
 * @param inboxCleanUpInterval how often older ones are forgotten (default 1 h)
 */
@ConfigurationProperties("eventshop.messaging")
public record MessagingProperties(
        @DefaultValue("microservice.events") String exchange,
        @DefaultValue("classic") QueueType queueType,
        @Nullable String source,
        @DefaultValue({"correlationId", "causationId"}) Set<String> metadata,
        @DefaultValue("10s") Duration confirmTimeout,
        @DefaultValue("100") int prefetch,
        @DefaultValue("1") int consumers,
        @DefaultValue("50") int together,
        @DefaultValue("5") int attempts,
        @DefaultValue("500ms") Duration firstRetry,
        @DefaultValue("30s") Duration longestRetry,
        @DefaultValue Set<String> permanentErrors,
        @DefaultValue Map<String, QueueSettings> queues,
        @DefaultValue DeadLetterSettings deadLetters,
        @DefaultValue("1MB") DataSize maxBodySize,
        @DefaultValue("30d") Duration inboxRetention,
        @DefaultValue("1h") Duration inboxCleanUpInterval) {

    /**
     * What is different for one queue; null is what counts for all.
     *
     * @param attempts        how often a message is tried
     * @param firstRetry      pause after the first failed attempt
     * @param longestRetry    longest pause between attempts
     * @param permanentErrors names of classes of exceptions, in place of those for all queues
     */
    public record QueueSettings(
            @Nullable Integer attempts,
            @Nullable Duration firstRetry,
            @Nullable Duration longestRetry,
            @Nullable Set<String> permanentErrors) {

        public QueueSettings {
            positive("queues[].attempts", attempts == null ? 1 : attempts);
            positive("queues[].first-retry", firstRetry == null ? 1 : firstRetry.toMillis());
            positive("queues[].longest-retry", longestRetry == null ? 1 : longestRetry.toMillis());
        }
    }

    /**
     * @param collect whether dead letters are taken out of their queues, where somebody keeps them (default true)
     * @param rest    how long they stay in their queue at least, at most twice as long (default 10 s: who watches the
     *                queue by the broker's own statistics sees them)
     */
    public record DeadLetterSettings(
            @DefaultValue("true") boolean collect,
            @DefaultValue("10s") Duration rest) {

        public DeadLetterSettings {
            positive("dead-letters.rest", rest.toMillis());
        }
    }

    public MessagingProperties {
        positive("prefetch", prefetch);
        positive("consumers", consumers);
        positive("together", together);
        positive("attempts", attempts);
        positive("confirm-timeout", confirmTimeout.toMillis());
        positive("first-retry", firstRetry.toMillis());
        positive("longest-retry", longestRetry.toMillis());
        positive("max-body-size", maxBodySize.toBytes());
        positive("inbox-retention", inboxRetention.toMillis());
        positive("inbox-clean-up-interval", inboxCleanUpInterval.toMillis());
    }

    /** @return what becomes of messages of that queue that fail */
    public RetryPolicy retryPolicy(String queue) {
        QueueSettings own = queues.getOrDefault(queue, new QueueSettings(null, null, null, null));
        return new RetryPolicy(
                own.attempts == null ? attempts : own.attempts,
                new Backoff(
                        own.firstRetry == null ? firstRetry : own.firstRetry,
                        own.longestRetry == null ? longestRetry : own.longestRetry),
                own.permanentErrors == null ? permanentErrors : own.permanentErrors);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("eventshop.messaging." + name + " must be positive");
        }
    }
}
