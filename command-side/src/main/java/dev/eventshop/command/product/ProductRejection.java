package dev.eventshop.command.product;

/** Why a product refuses a command. */
public enum ProductRejection {
    /** Fewer units can be ordered than are asked for. */
    INSUFFICIENT_STOCK,
    /** The number of units would pass what the contract's int can hold. */
    STOCK_OVERFLOW,
    /** The order holds a reservation already, over another quantity. */
    RESERVATION_DIFFERS
}
