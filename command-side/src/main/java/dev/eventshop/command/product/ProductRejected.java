package dev.eventshop.command.product;

import dev.eventshop.command.dispatch.CommandRefused;

/** A product refused a command. Sending the same command again helps only once the product has changed. */
public final class ProductRejected extends CommandRefused {

    private static final long serialVersionUID = 1L;

    private final ProductRejection rejection;

    ProductRejected(ProductRejection rejection, String message) {
        super(message);
        this.rejection = rejection;
    }

    public ProductRejection rejection() {
        return rejection;
    }
}
