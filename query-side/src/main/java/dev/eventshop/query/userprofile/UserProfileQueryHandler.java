package dev.eventshop.query.userprofile;

import dev.eventshop.access.AccessRules;
import dev.eventshop.access.Caller;
import dev.eventshop.query.http.Viewer;
import dev.eventshop.web.Problems;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

@Component
class UserProfileQueryHandler implements KnownUsers {

    private final AccessRules rules;
    private final UserProfileRows users;
    private final JdbcOperations jdbc;

    UserProfileQueryHandler(AccessRules rules, UserProfileRows users, JdbcOperations jdbc) {
        this.rules = rules;
        this.jdbc = jdbc;
        this.users = users;
    }

    /** @return empty when there is no such user, or the viewer may not see them */
    Optional<UserProfile> handle(FindUserProfile query) {
        rules.check(query);
        if (!query.viewer().maySee(query.userId())) {
            return Optional.empty();
        }
        return users.findById(query.userId()).map(UserProfileRow::profile);
    }

    @Override
    public Viewer viewer(Caller caller) {
        if (caller.isStaff()) {
            return Viewer.OF_ALL;
        }
        List<Integer> found = jdbc.queryForList(
                "select user_id from user_account where issuer = ? and subject = ?",
                Integer.class,
                caller.issuer(),
                caller.subject());
        return Viewer.only(found.isEmpty() ? null : found.get(0));
    }

    @Override
    public void require(int userId, Viewer viewer) {
        if (!viewer.maySee(userId) || !users.existsByUserId(userId)) {
            throw Problems.notFound(NOT_FOUND, NO_SUCH_USER);
        }
    }
}
