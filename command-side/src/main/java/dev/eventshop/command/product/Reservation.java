package dev.eventshop.command.product;

/** Result of {@link ReserveStock}. */
public enum Reservation {
    /** The units are set aside for the order, now or since before. */
    HELD,
    /** The order holds no units of the product any more and gets none: they were released or shipped, or released first. */
    FORGONE
}
