package dev.eventshop.command.order;

import java.util.Optional;

/** The registered users, as far as an order has to know them. Read in the transaction of the order that is placed. */
interface Customers {

    /** @return language of the emails to that user, empty when nobody is registered under the number */
    Optional<String> languageOf(int userId);
}
