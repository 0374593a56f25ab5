package dev.eventshop.benchmarks.server;

import dev.eventshop.embedded.EmbeddedPostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A database of a benchmark's own on the machine's PostgreSQL, which has to be durable. The environment variable
 * {@code EVENTSHOP_BENCH_POSTGRESQL} says where it is and who is a superuser: {@code user:password@host:port}, by
 * default {@code postgres:@127.0.0.1:5432}.
 */
public final class RealPostgreSql implements AutoCloseable {

    private static final String VARIABLE = "EVENTSHOP_BENCH_POSTGRESQL";
    private static final List<String> DURABILITY = List.of("fsync", "synchronous_commit", "full_page_writes");
    private static final List<String> SETTINGS = List.of(
            "server_version", "shared_buffers", "max_wal_size", "wal_sync_method", "wal_level", "max_connections");

    /** Keeps tests on the same server from setting up the roles meanwhile; they take it as well. */
    private static final long ROLES_LOCK = 7_351_802_664_913L;

    private final String user;
    private final String password;
    private final String host;
    private final String port;
    private final String name =
            "eventshop_bench_" + UUID.randomUUID().toString().substring(0, 8);

    private RealPostgreSql(String user, String password, String host, String port) {
        this.user = user;
        this.password = password;
        this.host = host;
        this.port = port;
    }

    /** @throws IllegalStateException when what it commits would not survive a crash */
    public static RealPostgreSql createDatabase() {
        String named = System.getenv().getOrDefault(VARIABLE, "postgres:@127.0.0.1:5432");
        int at = named.lastIndexOf('@');
        int userEnd = named.indexOf(':');
        int hostEnd = named.lastIndexOf(':');
        if (at < 0 || userEnd > at || hostEnd < at) {
            throw new IllegalArgumentException(VARIABLE + " has to be user:password@host:port");
        }
        RealPostgreSql database = new RealPostgreSql(
                named.substring(0, userEnd),
                named.substring(userEnd + 1, at),
                named.substring(at + 1, hostEnd),
                named.substring(hostEnd + 1));
        database.execute("postgres", "create database " + database.name);
        Runtime.getRuntime().addShutdownHook(new Thread(database::close)); // does nothing when it is gone
        database.settings().forEach((setting, value) -> {
            if (DURABILITY.contains(setting) && !value.equals("on")) {
                database.close();
                throw new IllegalStateException(setting + " is off: nothing durable would be measured");
            }
        });
        return database;
    }

    /** Makes the roles of the services where they are missing; they belong to the whole server, and stay. */
    void bootstrap() {
        try (Connection server = dataSource("postgres").getConnection();
                Statement statement = server.createStatement();
                Connection connection = dataSource(name).getConnection()) {
            statement.execute("select pg_advisory_lock(" + ROLES_LOCK + ")");
            EmbeddedPostgreSql.bootstrap(connection, Map.of());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return what the results depend on, by name */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(DURABILITY);
        names.addAll(SETTINGS);
        names.forEach(setting -> settings.put(setting, jdbc().queryForObject("show " + setting, String.class)));
        return settings;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    /** @return statements of a superuser, each on a connection of its own */
    public JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource(name));
    }

    /** @return variables for PostgreSQL's own programs */
    public Map<String, String> environment() {
        return new HashMap<>(
                Map.of("PGHOST", host, "PGPORT", port, "PGUSER", user, "PGPASSWORD", password, "PGDATABASE", name));
    }

    private PGSimpleDataSource dataSource(String database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://" + host + ":" + port + "/" + database);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    private void execute(String database, String sql) {
        try (Connection connection = dataSource(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        execute("postgres", "drop database if exists " + name + " with (force)");
    }
}
