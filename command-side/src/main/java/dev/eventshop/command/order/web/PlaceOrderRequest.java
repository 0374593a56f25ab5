package dev.eventshop.command.order.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/orders}; nothing is checked yet. */
record PlaceOrderRequest(@Nullable Integer userId, @Nullable List<@Nullable Item> items) {

    record Item(@Nullable Integer productId, @Nullable Integer quantity) {}
}
