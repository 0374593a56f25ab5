package dev.eventshop.command.user;

import dev.eventshop.events.user.UserId;
import org.springframework.jdbc.core.JdbcTemplate;

/** Table {@code registered_user}: its unique key on the address decides. */
final class JdbcRegisteredUsers implements RegisteredUsers {

    private final JdbcTemplate jdbc;

    JdbcRegisteredUsers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean add(UserId userId, EmailAddress email, String language) {
        int rows = jdbc.update(
                "insert into command_side.registered_user (user_id, email_key, language) values (?, ?, ?)"
                        + " on conflict (email_key) do nothing",
                userId.value(),
                email.key(),
                language);
        return rows == 1;
    }
}
