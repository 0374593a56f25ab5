package dev.eventshop.query.salesstatistics;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sales of a period.
 *
 * @param from orders placed then or later; null for all
 * @param to   orders placed before that; null for all
 */
@AllowedTo(Role.STAFF)
record FindSalesStatistics(@Nullable Instant from, @Nullable Instant to) {}
