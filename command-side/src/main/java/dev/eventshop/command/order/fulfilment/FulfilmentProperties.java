package dev.eventshop.command.order.fulfilment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders come to their stock.
 *
 * @param pendingFor   how long an order may stay {@code PENDING}, then it is cancelled (default 15 min: orders are
 *     confirmed within a moment, so only one that something holds up comes to it)
 * @param segments     orders that are worked on at the same time, over all instances; counts when the processor starts
 *     for the first time (default 4: most of the time is waiting for commits)
 * @param batchSize    events whose orders are worked on between two stored positions (default 20: well within a claim
 *     even when commands are slow)
 * @param pollInterval how often due deadlines and failed steps are looked for (default 1 s)
 * @param lateAfter    health is degraded when an event waits for longer (default 30 s)
 */
@ConfigurationProperties("eventshop.command-side.fulfilment")
record FulfilmentProperties(
        @DefaultValue("15m") Duration pendingFor,
        @DefaultValue("4") int segments,
        @DefaultValue("20") int batchSize,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("30s") Duration lateAfter) {

    FulfilmentProperties {
        if (segments < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "eventshop.command-side.fulfilment: segments and batch-size must be at least 1");
        }
        if (pendingFor.toMillis() < 1 || pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "eventshop.command-side.fulfilment: pending-for and poll-interval must be above zero");
        }
    }
}
