package dev.eventshop.command.forwarding.web;

import dev.eventshop.command.forwarding.ForwarderStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(description = "How far public events have been published")
record ForwarderAnswer(
        @Schema(example = "1-7431-99", description = "everything up to it is confirmed and routed; opaque")
        String position,

        @Schema(example = "0", description = "stored events behind it")
        long lagEvents,

        @Schema(example = "0", description = "age of the oldest of them")
        long lagSeconds,

        @Schema(description = "last confirm for this instance; null before the first") @Nullable
        Instant lastConfirmAt,

        @Schema(description = "whether this instance reaches the broker")
        Broker broker,

        @Schema(example = "broker not reachable", description = "why this instance does not get on") @Nullable
        String error) {

    enum Broker {
        UP,
        DOWN
    }

    static ForwarderAnswer of(ForwarderStatus status) {
        return new ForwarderAnswer(
                status.position(),
                status.lagEvents(),
                status.lagSeconds(),
                status.lastConfirmAt(),
                status.brokerUp() ? Broker.UP : Broker.DOWN,
                status.error());
    }
}
