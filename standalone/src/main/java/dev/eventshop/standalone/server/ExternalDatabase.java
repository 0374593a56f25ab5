package dev.eventshop.standalone.server;

import dev.eventshop.embedded.EmbeddedPostgreSql;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * The user's own PostgreSQL. There is one login for all services; each takes the role whose rights it needs when it
 * connects, and so does the migration.
 */
final class ExternalDatabase implements DatabaseServer {

    private static final String OPTIONS = "spring.datasource.hikari.data-source-properties.options";
    private static final int OLDEST_VERSION = 15;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final String url;
    private final String user;
    private final String password;
    private final Properties parts;

    private ExternalDatabase(String url, String user, String password, Properties parts) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.parts = parts;
    }

    /** @return whether the user has named a database */
    static boolean isNamed(UserSettings settings) {
        return settings.text("spring.datasource.url").isPresent();
    }

    /**
     * Makes the roles where they are missing.
     *
     * @throws Refused when the database can't be used
     */
    static ExternalDatabase prepare(UserSettings settings) {
        String url = settings.text("spring.datasource.url").orElseThrow();
        Properties parts = Driver.parseURL(url, new Properties());
        if (parts == null) {
            throw new Refused(
                    ExitCode.USAGE,
                    "The setting spring.datasource.url must have the form jdbc:postgresql://host:port/database.");
        }
        if (PGProperty.OPTIONS.getOrDefault(parts) != null) {
            throw new Refused(
                    ExitCode.USAGE,
                    "The setting spring.datasource.url must not have the parameter \"options\", by which each service"
                            + " takes its role.");
        }
        ExternalDatabase database = new ExternalDatabase(
                url,
                settings.text("spring.datasource.username").orElse(parts.getProperty("user", "")),
                settings.text("spring.datasource.password").orElse(parts.getProperty("password", "")),
                parts);
        database.prepare();
        return database;
    }

    private void prepare() {
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        PGProperty.CONNECT_TIMEOUT.set(login, Reachability.TIMEOUT_MILLIS / 1_000);
        PGProperty.LOGIN_TIMEOUT.set(login, 2 * Reachability.TIMEOUT_MILLIS / 1_000);
        PGProperty.APPLICATION_NAME.set(login, "eventshop-standalone");
        try (Connection connection = DriverManager.getConnection(url, login)) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new Refused(
                        ExitCode.SERVER,
                        description() + " is PostgreSQL " + version + "; version " + OLDEST_VERSION
                                + " or newer is needed.");
            }
            try (Statement statement = connection.createStatement()) {
                if (!isSetUp(statement)) {
                    setUp(connection);
                }
                for (String role : roles()) {
                    become(role, statement);
                }
            }
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private Refused refused(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("08")) {
            return Reachability.unreachable("PostgreSQL at " + address(), e);
        }
        String message =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceAll("^[A-Z]+: ", "");
        return new Refused(ExitCode.SERVER, "PostgreSQL at " + address() + " refuses: " + message + ".", e);
    }

    private static List<String> roles() {
        return Stream.concat(
                        Stream.of(Logins.OWNER), Arrays.stream(Service.values()).map(Service::role))
                .toList();
    }

    /** The roles belong to the whole server, the owner's right to make schemas to this database. */
    private static boolean isSetUp(Statement statement) throws SQLException {
        String names = String.join("', '", roles());
        try (ResultSet row = statement.executeQuery("select count(*) filter (where rolname in ('" + names + "')),"
                + " bool_or(rolname = '" + Logins.OWNER + "'"
                + " and has_database_privilege(oid, current_database(), 'CREATE')) from pg_roles")) {
            row.next();
            return row.getInt(1) == roles().size() && row.getBoolean(2);
        }
    }

    private void setUp(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            EmbeddedPostgreSql.bootstrap(connection, Map.of());
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw new Refused(
                        ExitCode.SERVER,
                        "The roles of the services are missing in " + description() + ", and user " + user
                                + " may not make them; docs/operations.md says how they are made.",
                        e);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void become(String role, Statement statement) throws SQLException {
        try {
            statement.execute("set role " + role);
            statement.execute("reset role");
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw new Refused(
                        ExitCode.SERVER,
                        "User " + user + " may not become " + role + " in " + description()
                                + "; docs/operations.md says what to grant.",
                        e);
            }
            throw e;
        }
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        Map<String, String> settings = new HashMap<>();
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", user);
        settings.put("spring.datasource.password", password);
        settings.put(OPTIONS, options(service));
        settings.put("spring.flyway.url", url);
        settings.put("spring.flyway.user", user);
        settings.put("spring.flyway.password", password);
        // The libraries take the login for the role that works with their tables.
        for (String library : List.of("event-store", "messaging", "personal-data", "audit")) {
            settings.put(
                    "spring.flyway.placeholders." + library + "-service-role",
                    service.service().role());
        }
        return settings;
    }

    private static String options(ServiceSettings service) {
        String role = "-c role=" + service.service().role();
        return service.text(OPTIONS).map(others -> others + " " + role).orElse(role);
    }

    /** The login need not be allowed to read what the services own; the owner is. */
    @Override
    public DataSource reader() {
        return owner();
    }

    @Override
    public DataSource owner() {
        return Logins.as(url, user, password, Logins.OWNER);
    }

    @Override
    public String uri() {
        return "postgresql://" + Uris.userInfo(user, password) + address() + "/" + Uris.encoded(name());
    }

    @Override
    public String description() {
        return "postgresql://" + Uris.userInfo(user, "") + address() + "/" + Uris.encoded(name());
    }

    private String address() {
        String[] hosts =
                parts.getProperty(PGProperty.PG_HOST.getName(), "localhost").split(",");
        String[] ports = parts.getProperty(PGProperty.PG_PORT.getName(), "5432").split(",");
        StringBuilder address = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            address.append(i == 0 ? "" : ",")
                    .append(Uris.host(hosts[i]))
                    .append(':')
                    .append(ports[Math.min(i, ports.length - 1)]);
        }
        return address.toString();
    }

    private String name() {
        return parts.getProperty(PGProperty.PG_DBNAME.getName(), user);
    }

    /** It is not ours to stop. */
    @Override
    public void close() {}
}
