package dev.eventshop.query.ordersummary;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to an order.
 *
 * @param type    name of the event
 * @param details what the event says besides the order and the time; for example the old and the new status
 * @param version sequence number of the event
 */
record OrderTimelineEntry(
        @Schema(example = "OrderStatusChangedEvent") String type,
        Instant at,

        @Schema(types = "object", example = "{\"oldStatus\": \"PENDING\", \"newStatus\": \"CONFIRMED\"}")
        Map<String, Object> details,

        @Schema(example = "1") long version) {

    OrderTimelineEntry {
        details = Map.copyOf(details);
    }
}
