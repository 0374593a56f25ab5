package dev.eventshop.command.forwarding;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How public events are forwarded to the exchange.
 *
 * @param batchSize       events that are looked at, and published, before the position is stored (default 500: the
 *     broker's confirms are waited for once for all of them, and after a crash at most these are sent again)
 * @param claimInterval   how often an instance looks whether the one that forwards is gone, and how often that one says
 *     that it is not (default 5 s: well below the event store's claim timeout)
 * @param firstRetry      pause after a failure, doubled each time (default 200 ms)
 * @param longestRetry    upper bound of that pause (default 5 s: what the backlog waits for at most when the broker is
 *     back)
 */
@ConfigurationProperties("eventshop.command-side.forwarder")
record ForwarderProperties(
        @DefaultValue("500") int batchSize,
        @DefaultValue("5s") Duration claimInterval,
        @DefaultValue("200ms") Duration firstRetry,
        @DefaultValue("5s") Duration longestRetry) {

    ForwarderProperties {
        if (batchSize < 1) {
            throw new IllegalArgumentException("eventshop.command-side.forwarder.batch-size must be at least 1");
        }
    }
}
