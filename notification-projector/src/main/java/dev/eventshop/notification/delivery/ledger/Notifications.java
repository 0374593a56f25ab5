package dev.eventshop.notification.delivery.ledger;

/**
 * The ledger as the reactions see it: what is to be told to whom. Every method joins the running transaction and never
 * talks to the mail server.
 */
public interface Notifications {

    /**
     * Enters an email right before the commit, unless the ledger has it already. It is sent after the commit; when the user
     * or the order is not known yet, it waits for the message that brings them; when the person was erased, it is
     * suppressed.
     */
    void record(NewNotification notification);

    /**
     * Takes the person out of the ledger: what was not handed to the mail server yet is suppressed, and all emails lose
     * address and text.
     */
    void erase(int userId);
}
