package dev.eventshop.query.userprofile;

import dev.eventshop.web.ProblemException;

/** For other views: whether there is a user at all. */
public interface KnownUsers {

    /** Projection that has to know of a write before this does. */
    String PROJECTION = "user-profile";

    String NOT_FOUND = "USER_NOT_FOUND";
    String NO_SUCH_USER = "There is no such user.";

    /** @throws ProblemException 404 when there is no user of that number, erased ones included */
    void require(int userId);
}
