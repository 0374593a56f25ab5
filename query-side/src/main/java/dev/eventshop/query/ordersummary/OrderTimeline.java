package dev.eventshop.query.ordersummary;

import java.util.List;

/**
 * What happened to an order.
 *
 * @param items oldest first
 */
record OrderTimeline(List<OrderTimelineEntry> items) {

    OrderTimeline {
        items = List.copyOf(items);
    }
}
