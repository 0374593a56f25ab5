package dev.eventshop.command.order.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;

/** Answer to {@code POST /api/orders}. */
record OrderPlacedAnswer(
        @Schema(example = "5") int orderId,
        @Schema(example = "PENDING") String status,

        @Schema(example = "39.80", description = "At the shop's prices, in its currency")
        BigDecimal totalAmount) {}
