package dev.eventshop.command.order.fulfilment;

import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.order.AbandonOrder;
import dev.eventshop.command.order.ConfirmOrder;
import dev.eventshop.command.order.OrderRejected;
import dev.eventshop.command.product.ProductRejected;
import dev.eventshop.command.product.ProductRejection;
import dev.eventshop.command.product.ReleaseStock;
import dev.eventshop.command.product.Reservation;
import dev.eventshop.command.product.ReserveStock;
import dev.eventshop.command.product.ShipStock;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.product.ProductId;
import java.util.Optional;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps as commands, sent one after the other. Each runs in a transaction of its own and is committed before the
 * next one is sent, so that a step can end anywhere between two of them, and be taken again from the start.
 */
final class StockSteps {

    private static final Logger LOG = LoggerFactory.getLogger(StockSteps.class);

    private final Sender commands;

    StockSteps(Sender commands) {
        this.commands = commands;
    }

    /** @throws RuntimeException when a command could not be carried out; a repetition may help */
    void take(FulfilmentStep step) {
        switch (step.kind()) {
            case RESERVE -> reserve(step);
            case RELEASE -> each(step, product -> new ReleaseStock(product, step.orderId()));
            case SHIP -> each(step, product -> new ShipStock(product, step.orderId()));
        }
    }

    private void reserve(FulfilmentStep step) {
        OrderId order = new OrderId(step.orderId());
        for (OrderedItem item : step.items()) {
            try {
                ProductId product = new ProductId(item.productId());
                Object held = commands.send(new ReserveStock(product, step.orderId(), item.quantity()), step.cause());
                if (held != Reservation.HELD) {
                    LOG.debug("order {} has had its stock, or was called off", step.orderId());
                    return;
                }
            } catch (ProductRejected | AggregateNotFoundException refusal) {
                // What was reserved is released when the order is cancelled, by whomever.
                commands.send(new AbandonOrder(order, reason(item, refusal)), step.cause());
                return;
            }
        }
        try {
            commands.send(new ConfirmOrder(order), step.cause());
        } catch (OrderRejected cancelled) {
            LOG.debug("order {} is not to be confirmed any more: {}", step.orderId(), cancelled.getMessage());
        }
    }

    private static String reason(OrderedItem item, RuntimeException refusal) {
        String product = item.productName() + " (product " + item.productId() + ")";
        if (!(refusal instanceof ProductRejected rejected)) {
            return product + " is not sold any more.";
        }
        if (rejected.rejection() != ProductRejection.INSUFFICIENT_STOCK) {
            throw rejected;
        }
        return "Not enough in stock of " + product + ": " + rejected.stock() + " left, " + item.quantity()
                + " ordered.";
    }

    /** Goes on with the other items when one fails, and fails in the end. */
    private void each(FulfilmentStep step, CommandOf command) {
        Optional<RuntimeException> failure = Optional.empty();
        for (OrderedItem item : step.items()) {
            try {
                commands.send(command.about(new ProductId(item.productId())), step.cause());
            } catch (AggregateNotFoundException gone) {
                LOG.debug("product {} of order {} does not exist", item.productId(), step.orderId());
            } catch (RuntimeException e) {
                failure.ifPresent(e::addSuppressed);
                failure = Optional.of(e);
            }
        }
        failure.ifPresent(e -> {
            throw e;
        });
    }

    /** Sends a command, and waits until it is committed. */
    interface Sender {

        /** @return the handler's result; null when it returns nothing */
        @Nullable
        Object send(Object command, Cause cause);
    }

    private interface CommandOf {
        Object about(ProductId product);
    }
}
