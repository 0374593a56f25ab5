package dev.eventshop.command.product.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/products/{id}/stock-adjustments}; nothing is checked yet. */
record AdjustStockRequest(
        @Schema(example = "-3", description = "Units more, or less when negative", requiredMode = RequiredMode.REQUIRED)
        @Nullable
        Integer delta,

        @Schema(example = "broken in transport") @Nullable String reason) {}
