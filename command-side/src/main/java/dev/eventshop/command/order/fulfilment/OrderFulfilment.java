package dev.eventshop.command.order.fulfilment;

import static org.axonframework.modelling.saga.SagaLifecycle.end;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;

/**
 * The stock of one order. It begins with the order: reserves each item and confirms the order, or calls it off when an
 * item can't be had. It ends when the order is cancelled, and then lets others have what was reserved, or when the order
 * is shipped, and the units leave with it.
 *
 * <p>It sees each event at least once, and again after a failure or a crash, on this instance or another. Every step
 * changes nothing when it is repeated, so it holds nothing but what was ordered.
 */
@ProcessingGroup(OrderFulfilment.GROUP)
public class OrderFulfilment {

    /** Its processor in the token store. */
    static final String GROUP = "order-fulfilment";

    private int orderId;
    private List<OrderedItem> items = List.of();

    /** For Axon, whose managers of sagas call it without asking for access. */
    public OrderFulfilment() {}

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCreatedEvent event, FulfilmentSteps steps, MetaData metaData) {
        orderId = event.orderId();
        items = event.items().stream().map(OrderedItem::of).toList();
        steps.take(step(FulfilmentStep.Kind.RESERVE, metaData));
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCancelledEvent event, FulfilmentSteps steps, MetaData metaData) {
        steps.take(step(FulfilmentStep.Kind.RELEASE, metaData));
        end();
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderStatusChangedEvent event, FulfilmentSteps steps, MetaData metaData) {
        if (event.newStatus().equals(OrderStatus.SHIPPED.name())) {
            steps.take(step(FulfilmentStep.Kind.SHIP, metaData));
            end();
        }
    }

    private FulfilmentStep step(FulfilmentStep.Kind kind, MetaData metaData) {
        Cause cause = Cause.of(metaData);
        return new FulfilmentStep(kind, orderId, items, cause.correlationId(), cause.traceParent());
    }
}
