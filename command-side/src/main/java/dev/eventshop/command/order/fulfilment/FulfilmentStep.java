package dev.eventshop.command.order.fulfilment;

import dev.eventshop.command.dispatch.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do with all items of an order. Taking a step again changes nothing, and nor does taking {@code RESERVE}
 * after another one.
 *
 * @param items         what was ordered
 * @param correlationId of the event that the step is taken for; null for none
 * @param traceParent   of that event; null for none
 */
record FulfilmentStep(
        Kind kind,
        int orderId,
        List<OrderedItem> items,
        @Nullable String correlationId,
        @Nullable String traceParent) {

    enum Kind {
        /** Set the units aside and confirm the order, or call it off. */
        RESERVE,
        /** Let others have the units. */
        RELEASE,
        /** The units leave with the order. */
        SHIP
    }

    FulfilmentStep {
        items = List.copyOf(items);
    }

    Cause cause() {
        return new Cause(correlationId, traceParent);
    }
}
