package dev.eventshop.query.projection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Writes any number of rows with one statement of constant text: a column is one parameter, an array of texts that
 * PostgreSQL converts.
 *
 * @param <T> row
 */
public final class BulkWrite<T> {

    private final String sql;
    private final List<Column<T>> columns;

    private BulkWrite(String sql, List<Column<T>> columns) {
        this.sql = sql;
        this.columns = columns;
    }

    /** @param conflict what follows the rows, for example {@code on conflict do nothing}; may be empty */
    private static <T> BulkWrite<T> of(String table, List<Column<T>> columns, String conflict) {
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String arrays = columns.stream()
                .map(column -> "cast(? as " + column.type() + "[])")
                .collect(Collectors.joining(", "));
        return new BulkWrite<>(
                "insert into " + table + " as t (" + names + ") select * from unnest(" + arrays + ")" + conflict,
                columns);
    }

    /** New rows only: one that exists is an error. */
    public static <T> BulkWrite<T> insert(String table, List<Column<T>> columns) {
        return of(table, columns, "");
    }

    /** @param key the columns of the primary key; all others are overwritten */
    public static <T> BulkWrite<T> upsert(String table, List<String> key, List<Column<T>> columns) {
        return of(table, columns, onConflict(key, columns, column -> "excluded." + column.name()));
    }

    /** @param key the columns of the primary key; numbers are added to those that are there, texts are overwritten */
    public static <T> BulkWrite<T> add(String table, List<String> key, List<Column<T>> columns) {
        return of(
                table,
                columns,
                onConflict(
                        key,
                        columns,
                        column -> (column.type().equals("text") ? "" : "t." + column.name() + " + ") + "excluded."
                                + column.name()));
    }

    private static <T> String onConflict(
            List<String> key, List<Column<T>> columns, Function<Column<T>, String> newValue) {
        return " on conflict (" + String.join(", ", key) + ") do update set "
                + columns.stream()
                        .filter(column -> !key.contains(column.name()))
                        .map(column -> column.name() + " = " + newValue.apply(column))
                        .collect(Collectors.joining(", "));
    }

    /** Does nothing without rows. */
    public void write(JdbcOperations jdbc, Collection<T> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<Object> arrays = new ArrayList<>();
        for (Column<T> column : columns) {
            @Nullable String[] texts = new String[rows.size()];
            int i = 0;
            for (T row : rows) {
                Object value = column.value().apply(row);
                texts[i++] = value == null ? null : value.toString();
            }
            arrays.add(texts);
        }
        jdbc.update(sql, arrays.toArray());
    }

    /**
     * @param type  PostgreSQL's name of the type
     * @param value by its {@code toString} as PostgreSQL reads it, null for null
     */
    public record Column<T>(String name, String type, Function<T, @Nullable Object> value) {}

    public static <T> Column<T> column(String name, String type, Function<T, @Nullable Object> value) {
        return new Column<>(name, type, value);
    }
}
