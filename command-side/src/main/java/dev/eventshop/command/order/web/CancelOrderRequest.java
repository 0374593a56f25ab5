package dev.eventshop.command.order.web;

import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/orders/{id}/cancellation}; nothing is checked yet. */
record CancelOrderRequest(@Nullable String reason) {}
