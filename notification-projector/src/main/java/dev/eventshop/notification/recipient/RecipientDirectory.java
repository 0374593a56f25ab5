package dev.eventshop.notification.recipient;

import org.jspecify.annotations.Nullable;

/**
 * Who a user is, and whose an order is. Built from messages that arrive in any order and more than once, replayed ones
 * included; every method may be called again without harm, and joins the running transaction.
 *
 * <p>After the commit, emails that wait for what was entered are looked at again.
 */
public interface RecipientDirectory {

    /**
     * Enters or updates a person. Does nothing when the person was erased: an erasure is final, also when it arrives
     * first.
     *
     * @param locale language of the person's emails, null when the message names none
     */
    void register(int userId, String email, String fullName, @Nullable String locale);

    /** Enters whose order it is, right before the commit. The first entry stays. */
    void assign(int orderId, int userId);

    /**
     * Forgets the person, destroys the key to all that is stored of them in this database, and keeps in mind that there is
     * nobody to write to any more.
     */
    void erase(int userId);
}
