package dev.eventshop.events.product;

import java.time.Instant;

/**
 * The number of units that can still be ordered changed.
 *
 * <p>Public. Emitted by {@code TakeStock}, {@code AdjustStock}, {@code ReserveStock} and {@code ReleaseStock}. Personal
 * data: none. Why it changed is metadata ({@link dev.eventshop.events.registry.EventMetadata#REASON},
 * {@link dev.eventshop.events.registry.EventMetadata#ORDER_ID}), because the contract fixes the fields.
 *
 * @param productName display name at the time
 * @param oldStock    units before, not negative
 * @param newStock    units from now on, not negative, different from {@code oldStock}
 * @param updatedAt   UTC, by the command side's clock
 */
public record ProductStockUpdatedEvent(int productId, String productName, int oldStock, int newStock, Instant updatedAt)
        implements ProductEvent {}
