package dev.eventshop.command.order;

import java.util.Optional;

/** The registered users, as far as an order has to know them. Read in the transaction of the order that is placed. */
interface Customers {

    /** @return empty when nobody is registered under the number */
    Optional<Customer> find(int userId);

    /**
     * A registered user.
     *
     * @param language of the emails to them
     * @param erased   whether their personal data is
     */
    record Customer(String language, boolean erased) {}
}
