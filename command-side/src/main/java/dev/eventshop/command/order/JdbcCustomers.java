package dev.eventshop.command.order;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads {@code registered_user}, which the registration's own transaction writes. */
final class JdbcCustomers implements Customers {

    private final JdbcTemplate jdbc;

    JdbcCustomers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> languageOf(int userId) {
        List<String> languages = jdbc.queryForList(
                "select language from command_side.registered_user where user_id = ?", String.class, userId);
        return languages.stream().findFirst();
    }
}
