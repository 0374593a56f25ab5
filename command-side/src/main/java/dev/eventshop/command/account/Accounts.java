package dev.eventshop.command.account;

import dev.eventshop.events.user.UserId;
import java.util.Optional;

/** Which accounts are which users. Written in the transaction of the registration. */
public interface Accounts {

    /** @return empty when nobody registered with the account */
    Optional<UserId> userOf(Account account);

    /**
     * Makes the account the user's. Waits while another transaction is doing that with the same account, and so gives the
     * right answer whatever becomes of that.
     *
     * @return false when the account is a user's already
     */
    boolean link(Account account, UserId userId);
}
