package dev.eventshop.command.republication.web;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(description = "What is to be sent, and where to")
record RepublicationRequest(
        @Schema(
                example = "order.created",
                requiredMode = Schema.RequiredMode.REQUIRED,
                description = "an existing queue of the broker")
        @Nullable
        String queue,

        @Schema(nullable = true, description = "where to begin; null for the beginning of the store") @Nullable
        StoreMoment from,

        @Schema(nullable = true, description = "where to end; null for the end of the store as it is now") @Nullable
        StoreMoment to,

        @ArraySchema(
                arraySchema =
                        @Schema(
                                nullable = true,
                                example = "[\"OrderCreatedEvent\"]",
                                description =
                                        "names of public events; null for those that a queue of the contract gets, and"
                                                + " for all where it is another queue"))
        @Nullable
        List<@Nullable String> types,

        @Schema(nullable = true, example = "order-17", description = "of one aggregate only; null for all") @Nullable
        String aggregateId,

        @Schema(
                nullable = true,
                example = "200",
                minimum = "1",
                description = "most events in a second; null for no bound")
        @Nullable
        Integer ratePerSecond,

        @Schema(nullable = true, example = "false", description = "true: only count") @Nullable
        Boolean dryRun) {}
