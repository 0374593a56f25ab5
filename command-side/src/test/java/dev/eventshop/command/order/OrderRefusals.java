package dev.eventshop.command.order;

/** Refusals for tests of those who send commands to orders. */
public final class OrderRefusals {

    private OrderRefusals() {}

    public static OrderRejected notConfirmable() {
        return new OrderRejected(OrderRejection.NOT_CONFIRMABLE, "refused");
    }
}
