package dev.eventshop.query.projection;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Writes any number of rows with one statement of constant text: a column is one parameter, an array of texts that
 * PostgreSQL converts. Many rows that can't be there yet are copied, which costs the least.
 *
 * @param <T> row
 */
public final class BulkWrite<T> {

    /** Below, preparing a statement once pays more than copying does. */
    private static final int WORTH_COPYING = 100;

    private final String insert;
    private final String copy;
    private final String upsert;
    private final List<Column<T>> columns;

    private BulkWrite(String table, List<Column<T>> columns, String conflict) {
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String arrays = columns.stream()
                .map(column -> "cast(? as " + column.type() + "[])")
                .collect(Collectors.joining(", "));
        this.insert = "insert into " + table + " as t (" + names + ") select * from unnest(" + arrays + ")";
        this.copy = "copy " + table + " (" + names + ") from stdin";
        this.upsert = insert + conflict;
        this.columns = columns;
    }

    /** New rows only: one that exists is an error. */
    public static <T> BulkWrite<T> insert(String table, List<Column<T>> columns) {
        return new BulkWrite<>(table, columns, "");
    }

    /** @param key the columns of the primary key; all others are overwritten */
    public static <T> BulkWrite<T> upsert(String table, List<String> key, List<Column<T>> columns) {
        return new BulkWrite<>(table, columns, onConflict(key, columns, column -> "excluded." + column.name()));
    }

    /** @param key the columns of the primary key; numbers are added to those that are there, texts are overwritten */
    public static <T> BulkWrite<T> add(String table, List<String> key, List<Column<T>> columns) {
        return new BulkWrite<>(
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

    /** @return what writes these rows; everything that can be done without the database is done by now */
    public Prepared of(Collection<T> rows) {
        return insert.equals(upsert) ? added(rows) : statement(upsert, rows);
    }

    /** The same, of what a batch has changed. */
    public Prepared of(RowBuffer<T> rows) {
        Prepared added = added(rows.added());
        Prepared updated = statement(upsert, rows.updated());
        return jdbc -> {
            added.write(jdbc);
            updated.write(jdbc);
        };
    }

    private Prepared added(Collection<T> rows) {
        return rows.size() < WORTH_COPYING ? statement(insert, rows) : copied(rows);
    }

    private Prepared statement(String sql, Collection<T> rows) {
        if (rows.isEmpty()) {
            return jdbc -> {};
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
        return jdbc -> jdbc.update(sql, arrays.toArray());
    }

    private Prepared copied(Collection<T> rows) {
        StringBuilder lines = new StringBuilder();
        for (T row : rows) {
            for (Column<T> column : columns) {
                Object value = column.value().apply(row);
                if (value == null) {
                    lines.append("\\N");
                } else {
                    appendEscaped(lines, value.toString());
                }
                lines.append('\t');
            }
            lines.setCharAt(lines.length() - 1, '\n');
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        return jdbc -> jdbc.execute((ConnectionCallback<Long>) connection -> copy(connection, bytes));
    }

    private static void appendEscaped(StringBuilder lines, String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '\\' -> lines.append("\\\\");
                case '\t' -> lines.append("\\t");
                case '\n' -> lines.append("\\n");
                case '\r' -> lines.append("\\r");
                default -> lines.append(character);
            }
        }
    }

    private long copy(Connection connection, byte[] bytes) throws SQLException {
        try {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(copy, new ByteArrayInputStream(bytes), bytes.length);
        } catch (IOException e) {
            throw new SQLException("the rows could not be sent", "08006", e);
        }
    }

    /** @return what writes all of this, in this order */
    public static Runnable all(JdbcOperations jdbc, Prepared... writes) {
        return () -> {
            for (Prepared write : writes) {
                write.write(jdbc);
            }
        };
    }

    /** Rows in the words of the database. */
    @FunctionalInterface
    public interface Prepared {

        /** Does nothing without rows. */
        void write(JdbcOperations jdbc);
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
