package dev.eventshop.benchmarks.stock;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;

/** Reserves each item and confirms the order, or gives back what it has and calls the order off. */
@Saga
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
public class OrderFulfilment {

    private int orderId;

    /** For Axon, whose factory of sagas calls it without asking for access. */
    public OrderFulfilment() {}

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCreatedEvent event, CommandGateway commands) {
        orderId = event.orderId();
        try {
            for (OrderItemEvent item : event.items()) {
                commands.sendAndWait(new Commands.ReserveStock(
                        Commands.product(item.productId()), event.orderId(), item.quantity()));
            }
        } catch (CommandExecutionException | IllegalStateException refused) {
            for (OrderItemEvent item : event.items()) {
                commands.sendAndWait(new Commands.ReleaseStock(Commands.product(item.productId()), event.orderId()));
            }
            commands.sendAndWait(new Commands.CancelOrder(Commands.order(event.orderId()), "Not enough in stock."));
            return;
        }
        commands.sendAndWait(new Commands.ConfirmOrder(Commands.order(event.orderId())));
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderStatusChangedEvent event) {}
}
