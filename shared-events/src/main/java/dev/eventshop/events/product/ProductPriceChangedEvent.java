package dev.eventshop.events.product;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A product costs something else from now on; orders placed before keep their prices.
 *
 * <p>Internal. Emitted by {@code ChangePrice}. Personal data: none.
 *
 * @param oldPrice  unit price before, in the shop's currency
 * @param newPrice  unit price from now on, in the shop's currency, different from {@code oldPrice}
 * @param changedAt UTC, by the command side's clock
 */
public record ProductPriceChangedEvent(int productId, BigDecimal oldPrice, BigDecimal newPrice, Instant changedAt)
        implements ProductEvent {}
