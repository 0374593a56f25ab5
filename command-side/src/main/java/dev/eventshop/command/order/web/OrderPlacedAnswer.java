package dev.eventshop.command.order.web;

import java.math.BigDecimal;

/** Answer to {@code POST /api/orders}. */
record OrderPlacedAnswer(int orderId, String status, BigDecimal totalAmount) {}
