package dev.eventshop.query.ordersummary;

import dev.eventshop.access.AccessRules;
import dev.eventshop.access.audit.AuditedRefusal;
import dev.eventshop.query.cache.ViewCache;
import dev.eventshop.query.cache.ViewCaches;
import dev.eventshop.query.http.Viewer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;

@Component
class OrderSummaryQueryHandler {

    private static final Sort NEWEST_FIRST = Sort.by(Sort.Direction.DESC, "createdAt", "orderId");

    private final AccessRules rules;
    private final OrderSummaryRows orders;
    private final OrderTimelineRows timelines;
    private final ViewCache<OrderSummary> cache;

    OrderSummaryQueryHandler(
            AccessRules rules, OrderSummaryRows orders, OrderTimelineRows timelines, ViewCaches caches) {
        this.cache = caches.of("order", OrderSummary.class);
        this.rules = rules;
        this.orders = orders;
        this.timelines = timelines;
    }

    /** @return empty when there is no such order, or it is somebody else's */
    Optional<OrderSummary> handle(FindOrderSummary query) {
        rules.check(query);
        return visible(query.orderId(), query.viewer(), query.fresh());
    }

    private Optional<OrderSummary> visible(int orderId, Viewer viewer, boolean fresh) {
        return cache.find(
                        String.valueOf(orderId),
                        fresh,
                        () -> orders.findById(orderId).map(OrderSummaryRow::summary))
                .filter(order -> maySee(viewer, order));
    }

    private static boolean maySee(Viewer viewer, OrderSummary order) {
        if (!viewer.maySee(order.userId())) {
            AuditedRefusal.mark();
            return false;
        }
        return true;
    }

    /** @return empty when there is no such order, or it is somebody else's */
    Optional<OrderTimeline> handle(FindOrderTimeline query) {
        rules.check(query);
        if (!query.viewer().all()
                && visible(query.orderId(), query.viewer(), true).isEmpty()) {
            return Optional.empty();
        }
        List<OrderTimelineEntry> entries = timelines.findByKeyOrderIdOrderByKeyVersion(query.orderId()).stream()
                .map(OrderTimelineRow::entry)
                .toList();
        return entries.isEmpty() ? Optional.empty() : Optional.of(new OrderTimeline(entries));
    }

    List<OrderSummary> handle(ListOrders query) {
        rules.check(query);
        if (!query.viewer().all() && query.viewer().userId() == null) {
            return List.of();
        }
        return orders
                .findBy(
                        restriction(query),
                        found -> found.sortBy(NEWEST_FIRST).limit(query.limit()).all())
                .stream()
                .map(OrderSummaryRow::summary)
                .toList();
    }

    private static Specification<OrderSummaryRow> restriction(ListOrders query) {
        List<Specification<OrderSummaryRow>> all = new ArrayList<>();
        if (!query.viewer().all()) {
            all.add((order, q, is) ->
                    is.equal(order.get("userId"), query.viewer().userId()));
        }
        if (query.userId() != null) {
            all.add((order, q, is) -> is.equal(order.get("userId"), query.userId()));
        }
        if (query.status() != null) {
            all.add((order, q, is) ->
                    is.equal(order.get("status"), query.status().name()));
        }
        if (query.from() != null) {
            all.add((order, q, is) -> is.greaterThanOrEqualTo(order.get("createdAt"), query.from()));
        }
        if (query.to() != null) {
            all.add((order, q, is) -> is.lessThan(order.get("createdAt"), query.to()));
        }
        ListOrders.After after = query.after();
        if (after != null) {
            all.add((order, q, is) -> is.or(
                    is.lessThan(order.get("createdAt"), after.createdAt()),
                    is.and(
                            is.equal(order.get("createdAt"), after.createdAt()),
                            is.lessThan(order.get("orderId"), after.orderId()))));
            all.add((order, q, is) -> is.lessThanOrEqualTo(order.get("createdAt"), after.createdAt())); // for the index
        }
        return Specification.allOf(all);
    }
}
