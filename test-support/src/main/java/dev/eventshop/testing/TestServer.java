package dev.eventshop.testing;

import dev.eventshop.embedded.EmbeddedPostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The PostgreSQL server that test databases are made in.
 *
 * @param address   {@code host:port}
 * @param passwords of the roles that log in, the superuser not included
 */
record TestServer(String address, String adminUser, String adminPassword, Map<String, String> passwords) {

    static final String MIGRATOR = "eventshop_migrator";

    private static final String PROPERTY = "eventshop.test.postgresql";

    /** Whoever sets up roles in a server keeps others from doing so meanwhile: PostgreSQL would refuse one of them. */
    private static final long ROLES_LOCK = 7_351_802_664_913L;

    private static @Nullable TestServer instance;

    static synchronized TestServer instance() {
        if (instance == null) {
            String named = System.getProperty(PROPERTY, "");
            instance = named.isEmpty() ? embedded() : named(named);
        }
        return instance;
    }

    private static TestServer embedded() {
        EmbeddedPostgreSql server = EmbeddedPostgreSql.temporaryForTests();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stops the test database"));
        return new TestServer(
                server.host() + ":" + server.port(),
                server.superuser(),
                server.superuserPassword(),
                EmbeddedPostgreSql.ROLES.stream().collect(Collectors.toMap(Function.identity(), server::passwordOf)));
    }

    private static TestServer named(String property) {
        int at = property.lastIndexOf('@');
        int colon = property.indexOf(':');
        if (at < 0 || colon < 0 || colon > at) {
            throw new IllegalArgumentException(PROPERTY + " has to be user:password@host:port");
        }
        // The roles are shared by all JVMs that test on that server, so their passwords have to be the same everywhere.
        return new TestServer(
                property.substring(at + 1),
                property.substring(0, colon),
                property.substring(colon + 1, at),
                EmbeddedPostgreSql.ROLES.stream()
                        .collect(Collectors.toMap(Function.identity(), role -> "test-" + role)));
    }

    String url(String database) {
        return "jdbc:postgresql://" + address + "/" + database;
    }

    String passwordOf(String role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalArgumentException(role + " does not log in");
        }
        return password;
    }

    PGSimpleDataSource dataSource(String database, String user, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url(database));
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    void create(String database) {
        try (Connection server = connect("postgres");
                Statement statement = server.createStatement()) {
            statement.execute("create database " + database);
            statement.execute("select pg_advisory_lock(" + ROLES_LOCK + ")");
            try (Connection connection = connect(database)) {
                EmbeddedPostgreSql.bootstrap(connection, passwords);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("no database could be made in " + address, e);
        }
    }

    void drop(String database) {
        try (Connection server = connect("postgres");
                Statement statement = server.createStatement()) {
            statement.execute("drop database if exists " + database + " with (force)");
        } catch (SQLException e) {
            throw new IllegalStateException("database " + database + " could not be dropped", e);
        }
    }

    private Connection connect(String database) throws SQLException {
        return dataSource(database, adminUser, adminPassword).getConnection();
    }
}
