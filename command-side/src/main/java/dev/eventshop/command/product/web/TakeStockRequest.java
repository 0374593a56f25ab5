package dev.eventshop.command.product.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** Body of {@code PUT /api/products/{id}/stock}; nothing is checked yet. */
record TakeStockRequest(
        @Schema(example = "7", description = "Units that were counted", requiredMode = RequiredMode.REQUIRED) @Nullable
        Integer stock) {}
