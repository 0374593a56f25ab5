package dev.eventshop.query;

import dev.eventshop.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables of the read models, seen from outside. */
final class Tables {

    static final List<String> ALL = List.of(
            "product_catalog_a",
            "product_stock_history_a",
            "order_summary_a",
            "order_timeline_a",
            "user_profile_a",
            "sales_order_a",
            "sales_day_a",
            "sales_product_day_a");

    private Tables() {}

    static JdbcTemplate jdbc(TestDatabase database) {
        return new JdbcTemplate(database.admin());
    }

    /** @return each row as a text, sorted */
    static List<String> dump(TestDatabase database, String table) {
        return jdbc(database)
                .queryForList("select t::text from query_side." + table + " as t order by 1", String.class);
    }

    static Map<String, List<String>> dumpAll(TestDatabase database) {
        return ALL.stream().collect(Collectors.toMap(Function.identity(), table -> dump(database, table)));
    }

    static long count(TestDatabase database, String table) {
        Long count = jdbc(database).queryForObject("select count(*) from query_side." + table, Long.class);
        return count == null ? 0 : count;
    }
}
