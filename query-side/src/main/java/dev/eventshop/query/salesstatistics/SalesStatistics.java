package dev.eventshop.query.salesstatistics;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What was sold in a period; cancelled orders don't count.
 *
 * @param buckets     the days on which something was sold, oldest first
 * @param bestSellers the products of which most units were sold, at most ten
 */
record SalesStatistics(List<Bucket> buckets, List<BestSeller> bestSellers) {

    SalesStatistics {
        buckets = List.copyOf(buckets);
        bestSellers = List.copyOf(bestSellers);
    }

    /**
     * @param from    the day's beginning, in UTC
     * @param orders  placed on that day, within the period
     * @param items   units of all products
     * @param revenue sum of the orders' totals
     */
    record Bucket(
            @Schema(example = "2026-01-31T00:00:00Z") Instant from,
            @Schema(example = "12") long orders,
            @Schema(example = "31") long items,
            @Schema(example = "478.90") BigDecimal revenue) {}

    /** @param productName as on the last day on which it was sold */
    record BestSeller(
            @Schema(example = "17") int productId,
            @Schema(example = "Teapot") String productName,
            @Schema(example = "9") long quantity,
            @Schema(example = "179.10") BigDecimal revenue) {}
}
