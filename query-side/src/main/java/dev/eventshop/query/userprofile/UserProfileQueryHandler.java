package dev.eventshop.query.userprofile;

import dev.eventshop.web.Problems;
import java.util.Optional;
import org.springframework.stereotype.Component;

@Component
class UserProfileQueryHandler implements KnownUsers {

    private final UserProfileRows users;

    UserProfileQueryHandler(UserProfileRows users) {
        this.users = users;
    }

    Optional<UserProfile> handle(FindUserProfile query) {
        return users.findById(query.userId()).map(UserProfileRow::profile);
    }

    @Override
    public void require(int userId) {
        if (!users.existsByUserId(userId)) {
            throw Problems.notFound(NOT_FOUND, NO_SUCH_USER);
        }
    }
}
