package dev.eventshop.command.product;

/**
 * What each order may still reserve: one permit for each of its products, issued in the transaction of the order that is
 * placed, and taken in that of the reservation, or of the release that comes instead. So a reservation has its effect
 * once, whatever is repeated or comes late, and nothing has to be remembered of orders that have had theirs.
 */
interface ReservationPermits {

    /**
     * Takes the permit, until the transaction ends for everybody else, and for good when it is committed. Waits for
     * another transaction that is about to take it.
     *
     * @return false when it was taken before
     */
    boolean take(int orderId, int productId);
}
