package dev.eventshop.query.salesstatistics;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.query.projection.MissingRow;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;

/**
 * Counts orders on the day of their placing, in UTC, and takes cancelled ones out again.
 *
 * <p>Can be rebuilt. A redelivery changes nothing: what was counted is remembered for each order. The cancellation of an
 * order that was never counted is an error. Orders of all customers share the rows of a day, so one segment does it.
 */
class SalesStatisticsProjector {

    private final SalesFigures figures;

    SalesStatisticsProjector(SalesFigures figures) {
        this.figures = figures;
    }

    @EventHandler
    void on(OrderCreatedEvent event, @SequenceNumber long version) {
        if (figures.find(event.orderId()).isPresent()) {
            return; // redelivery
        }
        CountedOrder order = CountedOrder.of(event, version);
        figures.put(order);
        figures.add(order);
    }

    @EventHandler
    void on(OrderCancelledEvent event, @SequenceNumber long version) {
        CountedOrder order = figures.find(event.orderId())
                .orElseThrow(() -> new MissingRow("sales_order", event.orderId(), version));
        if (version <= order.version()) {
            return; // redelivery
        }
        figures.put(order.takenOut(version));
        figures.takeOut(order);
    }
}
