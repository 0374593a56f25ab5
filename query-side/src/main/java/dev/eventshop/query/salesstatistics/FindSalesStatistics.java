package dev.eventshop.query.salesstatistics;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sales of a period.
 *
 * @param from  orders placed then or later; null for all
 * @param to    orders placed before that; null for all
 * @param fresh whether an answer that was kept for a moment won't do
 */
@AllowedTo(Role.STAFF)
record FindSalesStatistics(@Nullable Instant from, @Nullable Instant to, boolean fresh) {

    /** @return what tells one period from another */
    String period() {
        return from + "/" + to;
    }
}
