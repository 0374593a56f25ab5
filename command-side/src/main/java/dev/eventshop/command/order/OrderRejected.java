package dev.eventshop.command.order;

import dev.eventshop.command.dispatch.CommandRefused;

/** An order refused a command. Sending the same command again helps only once the order has changed. */
public final class OrderRejected extends CommandRefused {

    private static final long serialVersionUID = 1L;

    private final OrderRejection rejection;

    OrderRejected(OrderRejection rejection, String message) {
        super(message);
        this.rejection = rejection;
    }

    public OrderRejection rejection() {
        return rejection;
    }
}
