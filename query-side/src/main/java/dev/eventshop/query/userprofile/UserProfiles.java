package dev.eventshop.query.userprofile;

import java.util.Optional;

/** Where the projector keeps users. Within a batch of events it sees what it has put; it is all written at the end. */
interface UserProfiles {

    Optional<UserProfile> find(int userId);

    /** Adds the user, or overwrites what is known of them. */
    void put(UserProfile user);

    /** Makes an account the user's, whosesoever it was before that. */
    void link(UserAccount account);

    /** Destroys the key to what is kept encrypted of the user, wherever it is in this database. */
    void forget(int userId);
}
