package dev.eventshop.command.product.web;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/products}; nothing is checked yet. */
record CreateProductRequest(
        @Nullable String name,
        @Nullable BigDecimal price,
        @Nullable Integer initialStock) {}
