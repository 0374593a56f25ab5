package dev.eventshop.command.product.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Body of {@code PUT /api/products/{id}/price}; nothing is checked yet. */
record ChangePriceRequest(
        @Schema(example = "21.00", requiredMode = RequiredMode.REQUIRED) @Nullable
        BigDecimal price) {}
