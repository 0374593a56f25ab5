package dev.eventshop.command.product.web;

import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/products/{id}/stock-adjustments}; nothing is checked yet. */
record AdjustStockRequest(@Nullable Integer delta, @Nullable String reason) {}
