package dev.eventshop.command.user;

import dev.eventshop.events.user.UserId;
import dev.eventshop.personaldata.erasure.ErasureList;
import dev.eventshop.personaldata.key.PersonKeys;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.JdbcTemplate;

/** Table {@code registered_user}: its unique key on the address's hash decides. */
final class JdbcRegisteredUsers implements RegisteredUsers {

    private static final String KIND = "email";

    private final JdbcTemplate jdbc;
    private final PersonKeys keys;
    private final ErasureList erasures;

    JdbcRegisteredUsers(JdbcTemplate jdbc, PersonKeys keys, ErasureList erasures) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.erasures = erasures;
    }

    @Override
    public boolean add(UserId userId, EmailAddress email, String language) {
        int rows = jdbc.update(
                "insert into command_side.registered_user (user_id, email_hash, language) values (?, ?, ?)"
                        + " on conflict (email_hash) do nothing",
                userId.value(),
                keys.indexKey().hash(KIND, email.key()),
                language);
        return rows == 1;
    }

    @Override
    public void erase(UserId userId, Instant at) {
        jdbc.update(
                "update command_side.registered_user set email_hash = null, erased_at = ? where user_id = ?",
                at.atOffset(ZoneOffset.UTC),
                userId.value());
        keys.destroy(userId.toString());
        erasures.add(userId.toString(), at);
    }
}
