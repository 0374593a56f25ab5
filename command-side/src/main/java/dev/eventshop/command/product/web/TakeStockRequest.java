package dev.eventshop.command.product.web;

import org.jspecify.annotations.Nullable;

/** Body of {@code PUT /api/products/{id}/stock}; nothing is checked yet. */
record TakeStockRequest(@Nullable Integer stock) {}
