package dev.eventshop.command.product;

import dev.eventshop.command.dispatch.CommandRefused;

/** A product refused a command. Sending the same command again helps only once the product has changed. */
public final class ProductRejected extends CommandRefused {

    private static final long serialVersionUID = 1L;

    private final ProductRejection rejection;
    private final int stock;

    ProductRejected(ProductRejection rejection, String message, int stock) {
        super(message);
        this.rejection = rejection;
        this.stock = stock;
    }

    /** @return units that could be ordered when the command was refused */
    public int stock() {
        return stock;
    }

    public ProductRejection rejection() {
        return rejection;
    }
}
