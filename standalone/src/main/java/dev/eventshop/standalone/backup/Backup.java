package dev.eventshop.standalone.backup;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes the schemas of the shop, with all rows, into two files: as they were at one moment, while the shop works on. It
 * holds no writer and no reader up; a replay that is about to empty tables waits until it has ended.
 */
public final class Backup {

    static final String TABLES = "tables.sql";
    static final String REMAINDER = "remainder.sql";

    private static final String LOCK_TIMEOUT = "55P03";
    private static final int ATTEMPTS = 3;

    private static final String OURS = """
            select n.nspname,
                   exists (select from pg_class c where c.relnamespace = n.oid and c.relname = 'person_key'),
                   exists (select from pg_class c where c.relnamespace = n.oid and c.relname = 'flyway_schema_history')
            from pg_namespace n
            where pg_get_userbyid(n.nspowner) = 'eventshop_owner'
            order by 1""";

    private static final String TABLES_OF = """
            select n.nspname, c.relname, c.oid::regclass::text,
                   (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?) and c.relkind = 'r'
            order by 1, 2""";

    private final DataSource reader;
    private final String version;

    /**
     * @param reader  of a role that may read every schema
     * @param version of this program
     */
    public Backup(DataSource reader, String version) {
        this.reader = reader;
        this.version = version;
    }

    /**
     * What was written.
     *
     * @param head position of the last event in it; null when there is none
     */
    public record Written(
            BackupFiles files,
            long events,
            long rows,
            @Nullable String head) {}

    /**
     * @param to a folder, or a file that is not there yet
     * @throws Refused when there is nothing to back up, or it can't be written
     */
    public Written write(Path to) {
        try {
            for (int attempt = 1; ; attempt++) {
                try (Connection connection = reader.getConnection()) {
                    return write(connection, to);
                } catch (TablesHaveChanged e) {
                    if (attempt == ATTEMPTS) {
                        throw new Refused(ExitCode.FAILED, "Tables are made or removed at the moment: try again.", e);
                    }
                }
            }
        } catch (SQLException e) {
            throw new Refused(
                    ExitCode.SERVER,
                    LOCK_TIMEOUT.equals(e.getSQLState())
                            ? "Tables are being emptied, by a replay for example: try again later."
                            : "The database can't be read: " + e.getMessage() + ".",
                    e);
        } catch (IOException e) {
            throw new Refused(ExitCode.FAILED, "The backup can't be written: " + e + ".", e);
        }
    }

    private Written write(Connection connection, Path to) throws SQLException, IOException {
        connection.setAutoCommit(false);
        prepare(connection);
        List<Schema> schemas = schemas(connection);
        if (schemas.isEmpty()) {
            throw new Refused(ExitCode.FAILED, "There is nothing to back up: the database has no schema of the shop.");
        }
        List<Table> tables = tables(connection, schemas);
        connection.commit();

        // The locks come before the snapshot: a table that is emptied is empty in older snapshots as well.
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table "
                    + String.join(", ", tables.stream().map(Table::name).toList()) + " in access share mode");
        }
        if (!schemas(connection).equals(schemas) || !tables(connection, schemas).equals(tables)) {
            connection.rollback();
            throw new TablesHaveChanged();
        }
        SchemaScript script =
                new SchemaScript(connection, schemas.stream().map(Schema::name).toList());
        script.requireKnown();
        Instant now = now(connection);
        BackupFiles files = BackupFiles.at(to, now);
        try (BackupWriter data = new BackupWriter(files.data());
                BackupWriter keys = new BackupWriter(files.keys())) {
            data.script(TABLES, script.tables());
            long rows = 0;
            for (Table table : tables) {
                rows += copy(connection, table, table.schema().keys() ? keys : data);
            }
            data.script(REMAINDER, script.remainder());
            Manifest manifest = new Manifest(
                    Manifest.FORMAT,
                    UUID.randomUUID().toString(),
                    Manifest.Part.DATA,
                    now,
                    version,
                    text(connection, "select current_setting('server_version')"),
                    text(connection, "select system_identifier::text from pg_control_system()"),
                    head(connection, schemas),
                    text(connection, "select pg_snapshot_xmin(pg_current_snapshot())::text"),
                    versions(connection, schemas),
                    List.of(),
                    data.entries());
            keys.complete(new Manifest(
                    manifest.format(),
                    manifest.backup(),
                    Manifest.Part.KEYS,
                    manifest.createdAt(),
                    manifest.eventshop(),
                    manifest.postgresql(),
                    manifest.cluster(),
                    manifest.head(),
                    manifest.horizon(),
                    manifest.schemas(),
                    masterKeys(connection, schemas),
                    keys.entries()));
            data.complete(manifest);
            keys.publish();
            data.publish();
            long events = manifest.entries().stream()
                    .filter(entry -> entry.name().equals(entryName("event_store", "domain_event")))
                    .mapToLong(Manifest.Entry::rows)
                    .sum();
            return new Written(files, events, rows, manifest.head());
        } finally {
            connection.rollback();
        }
    }

    /** However long it takes: it is a reader, and keeps nobody waiting but who empties tables. */
    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select set_config(name, '0', false) from pg_settings where name in"
                    + " ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')");
            statement.execute("set lock_timeout = '30s'");
            statement.execute("set search_path = ''");
            statement.execute("set client_min_messages = warning");
        }
    }

    private static List<Schema> schemas(Connection connection) throws SQLException {
        List<Schema> schemas = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(OURS)) {
            while (rows.next()) {
                schemas.add(new Schema(rows.getString(1), rows.getBoolean(2), rows.getBoolean(3)));
            }
        }
        return schemas;
    }

    private static List<Table> tables(Connection connection, List<Schema> schemas) throws SQLException {
        Map<String, Schema> byName = new LinkedHashMap<>();
        schemas.forEach(schema -> byName.put(schema.name(), schema));
        List<Table> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES_OF)) {
            statement.setArray(
                    1, connection.createArrayOf("text", byName.keySet().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Schema schema = byName.get(rows.getString(1));
                    if (schema != null) {
                        tables.add(new Table(
                                schema,
                                entryName(schema.name(), rows.getString(2)),
                                rows.getString(3),
                                rows.getString(4)));
                    }
                }
            }
        }
        return tables;
    }

    private static String entryName(String schema, String table) {
        return "data/" + schema + "." + table + ".copy";
    }

    private static long copy(Connection connection, Table table, BackupWriter writer) throws SQLException, IOException {
        String columns = table.name() + " (" + table.columns() + ")";
        long[] rows = new long[1];
        writer.add(
                table.entry(),
                columns,
                out -> rows[0] = connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("copy " + columns + " to stdout", out));
        return rows[0];
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }

    private static @Nullable String head(Connection connection, List<Schema> schemas) throws SQLException {
        return schemas.stream().noneMatch(schema -> schema.name().equals("event_store"))
                ? null
                : text(
                        connection,
                        "select epoch || '-' || transaction_id || '-' || global_index from event_store.domain_event"
                                + " order by epoch desc, transaction_id desc, global_index desc limit 1");
    }

    private static Map<String, @Nullable String> versions(Connection connection, List<Schema> schemas)
            throws SQLException {
        Map<String, @Nullable String> versions = new LinkedHashMap<>();
        for (Schema schema : schemas) {
            versions.put(
                    schema.name(),
                    schema.migrated()
                            ? text(
                                    connection,
                                    "select version from " + quoted(schema.name())
                                            + ".flyway_schema_history where success and version is not null"
                                            + " order by string_to_array(version, '.')::int[] desc limit 1")
                            : null);
        }
        return versions;
    }

    private static List<String> masterKeys(Connection connection, List<Schema> schemas) throws SQLException {
        Set<String> names = new LinkedHashSet<>();
        for (Schema schema : schemas) {
            if (schema.keys()) {
                String keys = quoted(schema.name());
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery(
                                "select master_key from " + keys + ".person_key where master_key is not null"
                                        + " union select master_key from " + keys + ".index_key order by 1")) {
                    while (rows.next()) {
                        names.add(rows.getString(1));
                    }
                }
            }
        }
        return List.copyOf(names);
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static @Nullable String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /**
     * @param keys     whether it is for the keys of persons
     * @param migrated whether it has migrations of its own
     */
    private record Schema(String name, boolean keys, boolean migrated) {}

    private record Table(Schema schema, String entry, String name, String columns) {}

    private static final class TablesHaveChanged extends SQLException {

        private static final long serialVersionUID = 1L;
    }
}
