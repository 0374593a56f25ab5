package dev.eventshop.embedded;

import dev.eventshop.embedded.PostgreSqlCommands.CommandFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PasswordUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server with the database {@code eventshop} and the roles of the services, in a folder of its own. What
 * was committed survives a crash of this process and of the machine. It listens on loopback only, and asks everybody
 * for a password.
 *
 * <p>The server is a process of its own, and outlives a JVM that is killed. The next {@link #start(Path)} on the folder
 * stops it and starts it again.
 *
 * <p>In the folder: {@code data}, {@code log}, {@code passwords} (in the form of a {@code .pgpass} file, for
 * {@code PGPASSFILE}) and {@code port}, the port of the last start, which is taken again when it is free.
 */
public final class EmbeddedPostgreSql implements AutoCloseable {

    /** Who may log in, besides the superuser. */
    public static final List<String> ROLES =
            List.of("eventshop_migrator", "command_side", "query_side", "notification", "eventshop_reader");

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgreSql.class);

    private static final String HOST = "127.0.0.1";
    private static final String DATABASE = "eventshop";
    private static final String SUPERUSER = "postgres";
    private static final String VERSION = "18";
    private static final String DATA = "data";
    private static final String LOG = "log";
    private static final String SUPERUSER_PASSWORD = "superuser";

    /** Who logs in with programs of all kinds, some of which refuse fewer iterations than are usual. */
    private static final Set<String> FOR_ANY_CLIENT = Set.of(SUPERUSER, "eventshop_reader");

    /** Of the hash of a password (RFC 7677). */
    private static final int USUAL = 4096;

    /** More would only make guesses slow, which are hopeless for 192 random bits, and connections. */
    private static final int ONCE = 1;

    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Somebody else may take a port between the look at it and the start. */
    private static final int ATTEMPTS = 5;

    private static final Duration SESSIONS_END = Duration.ofSeconds(30);

    /** Younger folders of tests may belong to a JVM that has not locked them yet. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

    private final Path folder;
    private final FolderLock lock;
    private final boolean durable;
    private final PostgreSqlCommands commands;
    private final Map<String, String> passwords;
    private int port;
    private boolean closed;

    private EmbeddedPostgreSql(Path folder, FolderLock lock, boolean durable) throws IOException {
        this.folder = folder;
        this.lock = lock;
        this.durable = durable;
        this.commands = new PostgreSqlCommands(PostgreSqlBinaries.unpacked(folder.resolve("programs")), folder);
        this.passwords = PostgreSqlPasswords.readOrMake(folder.resolve("passwords"), SUPERUSER, ROLES);
    }

    /**
     * Makes what is missing in the folder, and returns when the server takes connections and has the database and the
     * roles.
     *
     * @param folder for this server alone
     * @throws DataFolderInUse      when another living process, or this one, runs a server there
     * @throws DataOfAnotherVersion when another major version of PostgreSQL has written it
     * @throws EmbeddedServerFailed when the folder can't be used, or the server does not start
     */
    public static EmbeddedPostgreSql start(Path folder) {
        return start(folder.toAbsolutePath().normalize(), true);
    }

    /**
     * A server for tests: in a temporary folder that is removed when it is closed, and fast because nothing that it
     * writes would survive a crash of the machine. What an earlier JVM that was killed has left behind is removed.
     */
    public static EmbeddedPostgreSql temporaryForTests() {
        Path parent =
                Path.of(System.getProperty("java.io.tmpdir"), "eventshop-tests-" + System.getProperty("user.name"));
        Path folder;
        try {
            removeLeftBehind(PrivateFiles.folder(parent));
            folder = Files.createTempDirectory(parent, "postgresql-");
        } catch (IOException e) {
            throw EmbeddedServerFailed.unusable("PostgreSQL", parent, e);
        }
        return start(folder, false);
    }

    private static EmbeddedPostgreSql start(Path folder, boolean durable) {
        try {
            FolderLock lock = FolderLock.of(PrivateFiles.folder(folder));
            try {
                EmbeddedPostgreSql server = new EmbeddedPostgreSql(folder, lock, durable);
                server.initialize();
                server.launch();
                server.bootstrap();
                return server;
            } catch (IOException | RuntimeException e) {
                lock.close();
                if (!durable) {
                    PrivateFiles.delete(folder);
                }
                throw e;
            }
        } catch (IOException e) {
            throw EmbeddedServerFailed.unusable("PostgreSQL", folder, e);
        }
    }

    /** In a folder beside, so that data that is there is complete, whenever the machine or this JVM crashes. */
    private void initialize() throws IOException {
        Path data = data();
        if (Files.exists(data)) {
            String version = Files.readString(data.resolve("PG_VERSION")).strip();
            if (!version.equals(VERSION)) {
                throw new DataOfAnotherVersion(folder, version, VERSION);
            }
            return;
        }
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(folder, "data-*")) {
            for (Path half : halves) {
                PrivateFiles.delete(half);
            }
        }
        Path half = Files.createTempDirectory(folder, "data-");
        Path passwordFile = folder.resolve(SUPERUSER_PASSWORD);
        PrivateFiles.write(passwordFile, passwordOf(SUPERUSER) + "\n");
        try {
            commands.initialize(half.getFileName().toString(), SUPERUSER, SUPERUSER_PASSWORD, durable);
        } catch (CommandFailed e) {
            throw new EmbeddedServerFailed("PostgreSQL could not make its files in " + folder + ".", e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        PrivateFiles.move(half, data);
    }

    private void launch() throws IOException {
        if (Postmaster.of(data()) == Postmaster.RUNNING) {
            log.info("Stopping the PostgreSQL that an earlier process left running in {}.", folder);
        }
        ensureStopped(commands, folder);
        PrivateFiles.folder(folder.resolve(LOG));
        Path portFile = folder.resolve("port");
        int last = LoopbackPorts.read(portFile);
        CommandFailed failure = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            port = LoopbackPorts.isFree(last) ? last : LoopbackPorts.free();
            try {
                commands.start(DATA, LOG + "/start.log", settings());
                PrivateFiles.write(portFile, port + "\n");
                return;
            } catch (CommandFailed e) {
                failure = e;
                if (LoopbackPorts.isFree(port)) {
                    break;
                }
            }
        }
        throw new EmbeddedServerFailed(
                "PostgreSQL does not start in " + folder + ": its folder log has the reason.", failure);
    }

    /** Whatever has become of the server, and of the process that started it. */
    private static void ensureStopped(PostgreSqlCommands commands, Path folder) throws IOException {
        Path data = folder.resolve(DATA);
        if (Postmaster.of(data) == Postmaster.RUNNING) {
            try {
                commands.stop(DATA);
            } catch (CommandFailed e) {
                if (Postmaster.of(data) == Postmaster.RUNNING) {
                    throw new EmbeddedServerFailed("PostgreSQL does not stop in " + folder + ".", e);
                }
            }
        }
        awaitSessions(data);
        if (Postmaster.of(data) == Postmaster.ONLY_A_NUMBER) {
            Files.deleteIfExists(Postmaster.file(data));
        }
    }

    /** Those of a server that was killed notice it by themselves, in a moment. */
    private static void awaitSessions(Path data) throws IOException {
        long deadline = System.nanoTime() + SESSIONS_END.toNanos();
        while (Files.exists(Postmaster.file(data)) && Postmaster.anyProcessWorksIn(data)) {
            if (System.nanoTime() > deadline) {
                throw new EmbeddedServerFailed(
                        "Sessions of a PostgreSQL that was killed are still at work in " + data + ".");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while sessions ended", e);
            }
        }
    }

    /** On the command line, where they win over all files and over {@code ALTER SYSTEM}. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", HOST);
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "");
        String onlyIfDurable = durable ? "on" : "off";
        settings.put("fsync", onlyIfDurable);
        settings.put("synchronous_commit", onlyIfDurable);
        settings.put("full_page_writes", onlyIfDurable);
        settings.put("max_connections", "300");
        settings.put("timezone", "UTC");
        // One file for each day of the week, without values of rows: they may be personal data.
        settings.put("logging_collector", "on");
        settings.put("log_directory", "../" + LOG);
        settings.put("log_filename", "postgresql-%a.log");
        settings.put("log_truncate_on_rotation", "on");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.put("log_timezone", "UTC");
        settings.put("log_error_verbosity", "terse");
        settings.put("log_min_error_statement", "panic");
        return settings;
    }

    private void bootstrap() {
        try {
            try (Connection connection = connect("postgres");
                    Statement statement = connection.createStatement();
                    ResultSet found =
                            statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
                if (!found.next()) {
                    statement.execute("create database " + DATABASE);
                }
            }
            try (Connection connection = connect(DATABASE)) {
                bootstrap(connection, passwords, durable ? FOR_ANY_CLIENT : Set.of());
            }
        } catch (SQLException e) {
            close();
            throw new EmbeddedServerFailed("PostgreSQL could not be set up in " + folder + ".", e);
        }
    }

    /**
     * Makes the roles in any server, and says who may use the database. Can be repeated.
     *
     * @param connection of a superuser, to the database of the services
     * @param passwords  of roles, long and random; the server sees nothing but their hashes
     */
    public static void bootstrap(Connection connection, Map<String, String> passwords) throws SQLException {
        bootstrap(connection, passwords, Set.of());
    }

    private static void bootstrap(Connection connection, Map<String, String> passwords, Set<String> forAnyClient)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(script());
            for (Map.Entry<String, String> password : passwords.entrySet()) {
                byte[] salt = new byte[SALT_BYTES];
                RANDOM.nextBytes(salt);
                String role = password.getKey();
                String hash = PasswordUtil.encodeScramSha256(
                        password.getValue().toCharArray(), forAnyClient.contains(role) ? USUAL : ONCE, salt);
                statement.execute("alter role " + role + " password '" + hash + "'");
            }
        }
    }

    private static String script() {
        try (InputStream script = EmbeddedPostgreSql.class.getResourceAsStream("bootstrap.sql")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Connection connect(String database) throws SQLException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(jdbcUrl(database));
        dataSource.setUser(SUPERUSER);
        dataSource.setPassword(passwordOf(SUPERUSER));
        return dataSource.getConnection();
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return port;
    }

    public String database() {
        return DATABASE;
    }

    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    public String superuser() {
        return SUPERUSER;
    }

    public String superuserPassword() {
        return passwordOf(SUPERUSER);
    }

    /** @param role the superuser, or one of {@link #ROLES} */
    public String passwordOf(String role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalArgumentException(role + " does not log in");
        }
        return password;
    }

    private Path data() {
        return folder.resolve(DATA);
    }

    /** Ends all sessions, and returns when everything is written and the server is gone. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ensureStopped(commands, folder);
            if (!durable) {
                PrivateFiles.delete(folder);
            }
        } catch (IOException e) {
            throw EmbeddedServerFailed.unusable("PostgreSQL", folder, e);
        } finally {
            lock.close();
        }
    }

    private static void removeLeftBehind(Path parent) throws IOException {
        Instant old = Instant.now().minus(LEFT_BEHIND);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, "postgresql-*")) {
            for (Path folder : folders) {
                try {
                    if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                        removeUnlessInUse(folder);
                    }
                } catch (IOException | EmbeddedServerFailed e) {
                    // Another JVM may be about the same; what stays is tried again the next time.
                    log.debug("{} was not removed.", folder, e);
                }
            }
        }
    }

    private static void removeUnlessInUse(Path folder) throws IOException {
        FolderLock lock = FolderLock.tryOf(folder);
        if (lock != null) {
            try (lock) {
                ensureStopped(
                        new PostgreSqlCommands(PostgreSqlBinaries.unpacked(folder.resolve("programs")), folder),
                        folder);
                PrivateFiles.delete(folder);
            }
        }
    }
}
