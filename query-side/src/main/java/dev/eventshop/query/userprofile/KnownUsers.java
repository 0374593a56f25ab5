package dev.eventshop.query.userprofile;

import dev.eventshop.access.Caller;
import dev.eventshop.query.http.Viewer;
import dev.eventshop.web.ProblemException;

/** For other views: who is a user, and which. */
public interface KnownUsers {

    /** Projection that has to know of a write before this does. */
    String PROJECTION = "user-profile";

    String NOT_FOUND = "USER_NOT_FOUND";
    String NO_SUCH_USER = "There is no such user.";

    /** @return what somebody may see who calls with a token: as a customer, what is of the user that they are */
    Viewer viewer(Caller caller);

    /** @throws ProblemException 404 when there is no such user, or the viewer may not see them; erased ones are there */
    void require(int userId, Viewer viewer);
}
