package dev.eventshop.command.order;

import java.math.BigDecimal;

/**
 * Result of {@link PlaceOrder}.
 *
 * @param totalAmount sum over the items at the shop's prices
 */
public record OrderPlaced(BigDecimal totalAmount) {}
