package dev.eventshop.command.account;

import dev.eventshop.events.user.UserId;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Table {@code user_account}: its key decides. */
final class JdbcAccounts implements Accounts {

    private final JdbcTemplate jdbc;

    JdbcAccounts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<UserId> userOf(Account account) {
        return jdbc
                .queryForList(
                        "select user_id from command_side.user_account where issuer = ? and subject = ?",
                        Integer.class,
                        account.issuer(),
                        account.subject())
                .stream()
                .map(UserId::new)
                .findFirst();
    }

    @Override
    public boolean link(Account account, UserId userId) {
        int rows = jdbc.update(
                "insert into command_side.user_account (issuer, subject, user_id) values (?, ?, ?)"
                        + " on conflict (issuer, subject) do nothing",
                account.issuer(),
                account.subject(),
                userId.value());
        return rows == 1;
    }
}
