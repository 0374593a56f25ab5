package dev.eventshop.command.product.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/products}; nothing is checked yet. */
record CreateProductRequest(
        @Schema(example = "Teapot", requiredMode = RequiredMode.REQUIRED) @Nullable
        String name,

        @Schema(
                example = "19.90",
                description = "In the shop's currency, with no more than its decimals",
                requiredMode = RequiredMode.REQUIRED)
        @Nullable
        BigDecimal price,

        @Schema(example = "10", description = "Units that can be ordered", requiredMode = RequiredMode.REQUIRED)
        @Nullable
        Integer initialStock) {}
