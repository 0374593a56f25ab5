package dev.eventshop.command.account;

import dev.eventshop.events.user.UserId;
import dev.eventshop.personaldata.key.PersonKeys;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Table {@code user_account}: its key decides. It holds pseudonyms, so that it does not tell who the persons are. */
final class JdbcAccounts implements Accounts {

    private final JdbcTemplate jdbc;
    private final PersonKeys keys;

    JdbcAccounts(JdbcTemplate jdbc, PersonKeys keys) {
        this.jdbc = jdbc;
        this.keys = keys;
    }

    @Override
    public Optional<Holder> holderOf(Account account) {
        return jdbc
                .query(
                        """
                        select user_id, erased_at is not null
                        from command_side.user_account
                            join command_side.registered_user using (user_id)
                        where account = ?""",
                        (row, number) -> new Holder(new UserId(row.getInt(1)), row.getBoolean(2)),
                        pseudonymOf(account))
                .stream()
                .findFirst();
    }

    @Override
    public boolean link(Account account, UserId userId) {
        int rows = jdbc.update("""
                insert into command_side.user_account as known (account, user_id) values (?, ?)
                on conflict (account) do update set user_id = excluded.user_id
                where exists (select from command_side.registered_user holder
                              where holder.user_id = known.user_id and holder.erased_at is not null)""", pseudonymOf(account), userId.value());
        return rows == 1;
    }

    @Override
    public String pseudonymOf(Account account) {
        return keys.indexKey().accountOf(account.issuer(), account.subject());
    }
}
