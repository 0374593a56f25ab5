package dev.eventshop.command.order;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderId;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confirms every order that is placed, without reserving stock.
 *
 * <p>Sees each event at least once, and again after a failure; {@link ConfirmOrder} has no second effect. The command
 * runs in a transaction of its own and is awaited, so the processor's position moves only over confirmed orders. An
 * order that was cancelled meanwhile stays cancelled.
 */
@ProcessingGroup(WhenOrderCreatedThenConfirm.GROUP)
class WhenOrderCreatedThenConfirm {

    static final String GROUP = "order-confirmation";

    private static final Logger LOG = LoggerFactory.getLogger(WhenOrderCreatedThenConfirm.class);

    private final Commands commands;

    WhenOrderCreatedThenConfirm(Commands commands) {
        this.commands = commands;
    }

    @EventHandler
    void on(OrderCreatedEvent event, MetaData metaData) {
        try {
            commands.send(new ConfirmOrder(new OrderId(event.orderId())), Cause.of(metaData));
        } catch (OrderRejected rejected) {
            LOG.debug("order {} is not to be confirmed any more: {}", event.orderId(), rejected.getMessage());
        }
    }
}
