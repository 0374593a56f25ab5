package dev.eventshop.notification.delivery.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Which rows of the ledger to show; null everywhere means all.
 *
 * @param before only rows with a smaller number: where the page before ended
 */
public record LedgerFilter(
        @Nullable Integer userId,
        @Nullable Integer orderId,
        @Nullable NotificationStatus status,
        @Nullable NotificationKind kind,
        @Nullable Long before) {}
