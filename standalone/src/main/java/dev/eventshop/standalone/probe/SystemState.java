package dev.eventshop.standalone.probe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Check} has found.
 *
 * @param problems sentences; empty when all is well
 */
public record SystemState(
        boolean ok,
        BrokerState broker,
        List<QueueState> queues,
        List<ServiceState> services,
        ForwarderState forwarder,
        List<ProjectionState> projections,
        List<String> problems) {

    /** @param exchange whether the exchange is there */
    public record BrokerState(
            String state, boolean exchange, @Nullable String error) {}

    /**
     * @param ready     messages that wait; null when there is no such queue
     * @param consumers null when there is no such queue
     * @param failed    messages in its dead-letter queue, or collected from it; null when there is no such queue
     */
    public record QueueState(
            String queue,
            @Nullable Long ready,
            @Nullable Long consumers,
            @Nullable Long failed) {}

    /** @param degraded components that are not up, with their state */
    public record ServiceState(String service, String health, String readiness, List<String> degraded) {}

    /** @param position null when the command side does not answer as it should, for the reason in {@code error} */
    public record ForwarderState(
            @Nullable String position,
            @Nullable Long lagEvents,
            @Nullable Long lagSeconds,
            @Nullable String broker,
            @Nullable String error) {}

    public record ProjectionState(
            String projection,
            String state,
            long lagEvents,
            long lagSeconds,
            @Nullable String error) {}
}
