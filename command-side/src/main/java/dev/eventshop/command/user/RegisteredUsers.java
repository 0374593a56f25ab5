package dev.eventshop.command.user;

import dev.eventshop.events.user.UserId;
import java.time.Instant;

/** Who is registered, and which email addresses are taken. Written in the transaction of the registration. */
interface RegisteredUsers {

    /**
     * Takes the address for the user. Waits while another transaction is taking the same one, and so gives the right
     * answer whatever becomes of that.
     *
     * @return false when somebody else has the address, in any mix of upper and lower case
     */
    boolean add(UserId userId, EmailAddress email, String language);

    /**
     * Destroys the key to the user's personal data, and gives the address free. Enters the erasure into the list that is
     * kept outside of backups, before anything is committed: a failure then leaves an entry too many, not one too few.
     */
    void erase(UserId userId, Instant at);
}
