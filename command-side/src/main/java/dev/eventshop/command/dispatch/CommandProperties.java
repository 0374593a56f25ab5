package dev.eventshop.command.dispatch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How commands are carried out.
 *
 * @param retryFor          how long a command that loses races for its aggregate is tried again before the client is
 *     told to come back; short enough for a client that waits
 * @param lockWait          how long a command waits for other commands on the same aggregate in this instance
 * @param cachedAggregates  aggregates of each type that are kept in memory; the least used go first
 * @param snapshotEvery     events after which an aggregate's state is stored beside them, which bounds what a load
 *     reads
 */
@ConfigurationProperties("eventshop.command-side.commands")
public record CommandProperties(
        @DefaultValue("5s") Duration retryFor,
        @DefaultValue("5s") Duration lockWait,
        @DefaultValue("10000") long cachedAggregates,
        @DefaultValue("100") int snapshotEvery) {}
