package dev.eventshop.command.order.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/orders/{id}/cancellation}; nothing is checked yet. */
record CancelOrderRequest(
        @Schema(
                example = "changed my mind",
                description = "For the customer to read",
                requiredMode = RequiredMode.REQUIRED)
        @Nullable
        String reason) {}
