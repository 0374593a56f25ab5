package dev.eventshop.query.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Streams of server-sent events. None of them has a thread.
 *
 * @param max               streams of an instance at the same time, beyond: 503; each is a connection
 * @param maxPerCaller      of them those of one caller, beyond: 429
 * @param pollInterval      how often an instance with streams looks whether something has changed, with one query for
 *     all of them: the change may have been written by another instance
 * @param heartbeatInterval after which a stream that has nothing to tell says so, which is how an instance finds out
 *     that a client is gone
 * @param senders           threads that write to clients; one that does not read holds one of them up for a while
 */
@ConfigurationProperties("eventshop.query.streams")
public record StreamProperties(
        @DefaultValue("1000") int max,
        @DefaultValue("10") int maxPerCaller,
        @DefaultValue("100ms") Duration pollInterval,
        @DefaultValue("15s") Duration heartbeatInterval,
        @DefaultValue("4") int senders) {}
