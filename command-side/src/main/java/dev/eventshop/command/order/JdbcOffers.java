package dev.eventshop.command.order;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads {@code product_lookup}, which the product's own transaction writes. */
final class JdbcOffers implements Offers {

    private final JdbcTemplate jdbc;

    JdbcOffers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<Integer, Offer> of(Collection<Integer> productIds) {
        Map<Integer, Offer> offers = new HashMap<>();
        jdbc.query(
                "select product_id, name, price from command_side.product_lookup where product_id = any (?)",
                row -> {
                    offers.put(row.getInt("product_id"), new Offer(row.getString("name"), row.getBigDecimal("price")));
                },
                (Object) productIds.toArray(Integer[]::new));
        return offers;
    }
}
