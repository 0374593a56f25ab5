package dev.eventshop.query.userprofile;

import dev.eventshop.access.AccessRules;
import dev.eventshop.access.Caller;
import dev.eventshop.access.audit.AuditedRefusal;
import dev.eventshop.personaldata.EventKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.query.http.Viewer;
import dev.eventshop.web.Problems;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

@Component
class UserProfileQueryHandler implements KnownUsers {

    private final AccessRules rules;
    private final UserProfileRows users;
    private final JdbcOperations jdbc;
    private final PersonKeys keys;
    private final PersonKeys eventKeys;

    UserProfileQueryHandler(
            AccessRules rules, UserProfileRows users, JdbcOperations jdbc, PersonKeys keys, EventKeys eventKeys) {
        this.rules = rules;
        this.jdbc = jdbc;
        this.users = users;
        this.keys = keys;
        this.eventKeys = eventKeys.keys();
    }

    /** @return empty when there is no such user, or the viewer may not see them */
    Optional<UserProfile> handle(FindUserProfile query) {
        rules.check(query);
        if (!query.viewer().maySee(query.userId())) {
            AuditedRefusal.mark();
            return Optional.empty();
        }
        return users.findById(query.userId())
                .map(row -> row.profile(keys.find(row.person()).orElse(null)));
    }

    @Override
    public Viewer viewer(Caller caller) {
        if (caller.isStaff()) {
            return Viewer.OF_ALL;
        }
        return Viewer.only(eventKeys
                .findIndexKey() // there is none before the first registration
                .flatMap(key -> holderOf(key.accountOf(caller.issuer(), caller.subject())))
                .orElse(null));
    }

    private Optional<Integer> holderOf(String account) {
        return jdbc
                .queryForList(
                        "select user_id from user_account where account = ? order by linked_at desc limit 1",
                        Integer.class,
                        account)
                .stream()
                .findFirst();
    }

    @Override
    public void require(int userId, Viewer viewer) {
        if (!viewer.maySee(userId)) {
            AuditedRefusal.mark();
            throw Problems.notFound(NOT_FOUND, NO_SUCH_USER);
        }
        if (!users.existsByUserId(userId)) {
            throw Problems.notFound(NOT_FOUND, NO_SUCH_USER);
        }
    }
}
