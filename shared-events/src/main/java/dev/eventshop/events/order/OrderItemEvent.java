package dev.eventshop.events.order;

import java.math.BigDecimal;

/**
 * One line of an order, as agreed to when it was placed.
 *
 * @param productId   number of the product, positive
 * @param productName display name at the time
 * @param quantity    units, positive
 * @param unitPrice   in the shop's currency, never recalculated
 */
public record OrderItemEvent(int productId, String productName, int quantity, BigDecimal unitPrice) {}
