package dev.eventshop.benchmarks.replay;

import dev.eventshop.benchmarks.shop.MeasuredShop;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables of a view, and what is in them. */
final class Tables {

    private Tables() {}

    /** Makes empty ones like those of the query side, with the names of slot a, in a schema that is made anew. */
    static void make(MeasuredShop shop, String schema, ReadModel model) {
        JdbcTemplate jdbc = shop.jdbc();
        jdbc.execute("drop schema if exists " + schema + " cascade");
        jdbc.execute("create schema " + schema);
        for (String table : model.tables()) {
            jdbc.execute("create table %1$s.%2$s_a (like query_side.%2$s_a including all)".formatted(schema, table));
        }
    }

    /**
     * @param prefix what stands before the tables' names, the schema included
     * @return one number for each table, of all columns of all rows; what is encrypted counts as there or not
     */
    static List<String> digests(MeasuredShop shop, String prefix, String suffix, ReadModel model) {
        return model.tables().stream()
                .map(table -> shop.jdbc()
                        .queryForObject(
                                "select count(*) || ' ' || coalesce(sum(hashtextextended(" + row(table)
                                        + ", 0)::numeric), 0) from " + prefix + table + suffix + " as t",
                                String.class))
                .collect(Collectors.toList());
    }

    private static String row(String table) {
        return table.equals("user_profile")
                ? "row(user_id, email is null, full_name is null, registered_at, erased, version)::text"
                : "t::text";
    }
}
