package dev.eventshop.messaging;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
 */
@ConfigurationProperties("eventshop.messaging")
public record MessagingProperties(
        @DefaultValue("microservice.events") String exchange,
        @DefaultValue("classic") QueueType queueType,
        @Nullable String source,
        @DefaultValue({"correlationId", "causationId"}) Set<String> metadata,
        @DefaultValue("10s") Duration confirmTimeout) {}
