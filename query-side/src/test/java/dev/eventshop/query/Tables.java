package dev.eventshop.query;

import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
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
            "user_account_a",
            "sales_order_a",
            "sales_day_a",
            "sales_product_day_a");

    /** Without the letter of the slot. */
    static final Map<String, List<String>> OF_PROJECTION = Map.of(
            "product-catalog", List.of("product_catalog", "product_stock_history"),
            "order-summary", List.of("order_summary", "order_timeline"),
            "user-profile", List.of("user_profile", "user_account"),
            "sales-statistics", List.of("sales_order", "sales_day", "sales_product_day"));

    private Tables() {}

    static JdbcTemplate jdbc(TestDatabase database) {
        return new JdbcTemplate(database.admin());
    }

    /** @return each row as a text, sorted; personal data in the clear, since it is never encrypted alike twice */
    static List<String> dump(TestDatabase database, String table) {
        return table.startsWith("user_profile") ? profiles(database, table) : rows(database, table);
    }

    private static List<String> profiles(TestDatabase database, String table) {
        PersonKeys keys = new PersonKeys(
                database.admin(),
                "query_side_keys",
                MasterKeys.parse(database.springProperties("query_side").get("eventshop.personal-data.master-keys")));
        return jdbc(database)
                .query(
                        "select * from query_side." + table + " order by user_id",
                        (row, number) -> List.of(
                                        row.getString("user_id"),
                                        opened(keys, row, "email"),
                                        opened(keys, row, "full_name"),
                                        row.getString("registered_at"),
                                        row.getString("erased"),
                                        row.getString("version"))
                                .toString());
    }

    private static String opened(PersonKeys keys, ResultSet row, String column) throws SQLException {
        byte[] sealed = row.getBytes(column);
        return sealed == null
                ? "null"
                : keys.find("user-" + row.getString("user_id")).orElseThrow().open(sealed, "user_profile." + column);
    }

    private static List<String> rows(TestDatabase database, String table) {
        return jdbc(database)
                .queryForList("select t::text from query_side." + table + " as t order by 1", String.class);
    }

    static Map<String, List<String>> dumpAll(TestDatabase database) {
        return ALL.stream().collect(Collectors.toMap(Function.identity(), table -> dump(database, table)));
    }

    /** @return the rows of the live slot by the tables' names without its letter */
    static Map<String, List<String>> dumpLive(TestDatabase database, String projection) {
        return dumpSlot(database, projection, liveSlot(database, projection));
    }

    static Map<String, List<String>> dumpSlot(TestDatabase database, String projection, String slot) {
        return OF_PROJECTION.get(projection).stream()
                .collect(Collectors.toMap(Function.identity(), table -> dump(database, table + "_" + slot)));
    }

    static String liveSlot(TestDatabase database, String projection) {
        return jdbc(database)
                .queryForObject("select live_slot from query_side.projection where name = ?", String.class, projection);
    }

    static long count(TestDatabase database, String table) {
        Long count = jdbc(database).queryForObject("select count(*) from query_side." + table, Long.class);
        return count == null ? 0 : count;
    }
}
