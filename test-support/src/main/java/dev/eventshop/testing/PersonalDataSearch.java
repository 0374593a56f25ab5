package dev.eventshop.testing;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Looks for texts in everything that a database holds: every column of every table, as text and as bytes, in the clear, in
 * UTF-16, as hex and as Base64.
 */
public final class PersonalDataSearch {

    private final DataSource admin;

    public PersonalDataSearch(TestDatabase database) {
        this.admin = database.admin();
    }

    /** @return where one of the texts was found, as {@code schema.table: text}; empty when nowhere */
    public List<String> find(List<String> texts) {
        List<String> found = new ArrayList<>();
        try (Connection connection = admin.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                String rows = rows(statement, table);
                in(rows, texts).forEach(text -> found.add(table + ": " + text));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    /** @return which of the texts are in a log, in the clear, as hex or as Base64 */
    public static List<String> in(String log, List<String> texts) {
        String lower = log.toLowerCase(Locale.ROOT);
        return texts.stream()
                .filter(text -> spellings(text).stream().anyMatch(lower::contains))
                .toList();
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("select format('%I.%I', n.nspname, c.relname) from pg_class c"
                + " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm', 'p')"
                + " and n.nspname not in ('pg_catalog', 'information_schema')")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        return tables;
    }

    /** As PostgreSQL writes rows: bytes are hex. And the bytes' own text besides. */
    private static String rows(Statement statement, String table) throws SQLException {
        StringBuilder all = new StringBuilder();
        try (ResultSet row = statement.executeQuery("select * from " + table)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                for (int i = 1; i <= columns; i++) {
                    if (row.getMetaData().getColumnTypeName(i).equals("bytea")) {
                        byte[] bytes = row.getBytes(i);
                        if (bytes != null) {
                            all.append(HexFormat.of().formatHex(bytes)).append('\n');
                        }
                    } else {
                        all.append(row.getString(i)).append('\n');
                    }
                }
            }
        }
        return all.toString().toLowerCase(Locale.ROOT);
    }

    /** All in lower case, as the rows are. */
    private static Set<String> spellings(String text) {
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(text);
        for (Charset charset : List.of(UTF_8, UTF_16BE, UTF_16LE)) {
            byte[] bytes = text.getBytes(charset);
            spellings.add(HexFormat.of().formatHex(bytes));
            for (int offset = 0; offset < 3; offset++) { // wherever it begins in what was encoded
                byte[] shifted = new byte[offset + bytes.length];
                System.arraycopy(bytes, 0, shifted, offset, bytes.length);
                String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
                spellings.add(encoded.substring(offset == 0 ? 0 : offset + 1, encoded.length() - 2));
            }
        }
        return new LinkedHashSet<>(spellings.stream()
                .map(spelling -> spelling.toLowerCase(Locale.ROOT))
                .toList());
    }
}
