package dev.eventshop.command.republication.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(description = "A place in the event store: one of the two")
record StoreMoment(
        @Schema(
                nullable = true,
                example = "1-7431-99",
                description = "of an Event-Position: just behind the events that it covers")
        @Nullable
        String position,

        @Schema(nullable = true, example = "null", description = "just before the events of that moment and later ones")
        @Nullable
        Instant time) {}
