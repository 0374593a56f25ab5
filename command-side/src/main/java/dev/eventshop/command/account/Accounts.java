package dev.eventshop.command.account;

import dev.eventshop.events.user.UserId;
import java.util.Optional;

/** Which accounts are which users. Written in the transaction of the registration. */
public interface Accounts {

    /** @return empty when nobody registered with the account */
    Optional<Holder> holderOf(Account account);

    /**
     * Makes the account the user's. Waits while another transaction is doing that with the same account, and so gives the
     * right answer whatever becomes of that. Somebody who was erased may come again, as another user.
     *
     * @return false when the account is a user's already
     */
    boolean link(Account account, UserId userId);

    /** @return what the account is called where it must not tell who the person is; always the same */
    String pseudonymOf(Account account);

    /**
     * The user whom an account belongs to.
     *
     * @param erased whether their personal data is, and they can't send commands any more
     */
    record Holder(UserId userId, boolean erased) {}
}
