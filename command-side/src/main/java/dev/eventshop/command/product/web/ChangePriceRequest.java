package dev.eventshop.command.product.web;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Body of {@code PUT /api/products/{id}/price}; nothing is checked yet. */
record ChangePriceRequest(@Nullable BigDecimal price) {}
