package dev.eventshop.command.order;

import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads {@code registered_user}, which the registration's own transaction writes. */
final class JdbcCustomers implements Customers {

    private final JdbcTemplate jdbc;

    JdbcCustomers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Customer> find(int userId) {
        return jdbc
                .query(
                        "select language, erased_at is not null from command_side.registered_user where user_id = ?",
                        (row, number) -> new Customer(row.getString(1), row.getBoolean(2)),
                        userId)
                .stream()
                .findFirst();
    }
}
