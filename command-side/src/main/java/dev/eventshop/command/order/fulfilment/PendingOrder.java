package dev.eventshop.command.order.fulfilment;

import dev.eventshop.command.dispatch.Cause;
import org.jspecify.annotations.Nullable;

/**
 * An order that waits to be confirmed.
 *
 * @param correlationId of the event that it began with; null for none
 * @param traceParent   of that event; null for none
 */
record PendingOrder(
        int orderId,
        @Nullable String correlationId,
        @Nullable String traceParent) {

    Cause cause() {
        return new Cause(correlationId, traceParent);
    }
}
