package dev.eventshop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgreSqlIT {

    private static final String WRONG_PASSWORD = "28P01";
    private static final String MAY_NOT_LOG_IN = "28000";
    private static final String DENIED = "42501";
    private static final String READ_ONLY = "25006";

    private static String ask(EmbeddedPostgreSql server, String sql) throws SQLException {
        return ask(server.jdbcUrl(), server.superuser(), server.superuserPassword(), sql);
    }

    private static String askAs(EmbeddedPostgreSql server, String role, String sql) throws SQLException {
        return ask(server.jdbcUrl(), role, server.passwordOf(role), sql);
    }

    /** @return the first value of the answer, where there is one */
    private static String ask(String url, String user, String password, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            String answer = "";
            for (String sql : statements) {
                if (statement.execute(sql)) {
                    ResultSet rows = statement.getResultSet();
                    answer = rows.next() ? rows.getString(1) : "";
                }
            }
            return answer;
        }
    }

    private static void assertRefused(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    @Nested
    @TestInstance(Lifecycle.PER_CLASS)
    class ARunningServer {

        @TempDir
        private static Path folder;

        private EmbeddedPostgreSql server;

        @BeforeAll
        void start() throws SQLException {
            server = EmbeddedPostgreSql.start(folder);
            ask(
                    server.jdbcUrl(),
                    "eventshop_migrator",
                    server.passwordOf("eventshop_migrator"),
                    "set role eventshop_owner",
                    "create schema shop",
                    "create table shop.thing (name text)",
                    "insert into shop.thing values ('kept')");
        }

        @AfterAll
        void stop() {
            server.close();
        }

        @ParameterizedTest
        @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"})
        void writesDurably(String setting) throws SQLException {
            assertThat(ask(server, "show " + setting)).isEqualTo("on");
            for (String role : EmbeddedPostgreSql.ROLES) {
                assertThat(askAs(server, role, "show " + setting)).isEqualTo("on");
            }
        }

        @Test
        void isVersion18InUtf8() throws SQLException {
            assertThat(ask(server, "show server_version")).startsWith("18.");
            assertThat(ask(server, "show server_encoding")).isEqualTo("UTF8");
            assertThat(ask(server, "select upper('đơn hàng ü')")).isEqualTo("ĐƠN HÀNG Ü");
        }

        @Test
        void refusesWrongPasswords() {
            assertRefused(WRONG_PASSWORD, () -> ask(server.jdbcUrl(), server.superuser(), "postgres", "select 1"));
            assertRefused(WRONG_PASSWORD, () -> ask(server.jdbcUrl(), server.superuser(), "x", "select 1"));
            for (String role : EmbeddedPostgreSql.ROLES) {
                assertRefused(
                        WRONG_PASSWORD, () -> ask(server.jdbcUrl(), role, server.superuserPassword(), "select 1"));
            }
        }

        @Test
        void hasADifferentPasswordForEveryRole() {
            assertThat(EmbeddedPostgreSql.ROLES.stream().map(server::passwordOf))
                    .doesNotHaveDuplicates()
                    .doesNotContain(server.superuserPassword())
                    .allMatch(password -> password.length() == 32);
        }

        @Test
        void doesNotLetTheOwnerLogIn() throws SQLException {
            assertThat(ask(server, "select rolcanlogin from pg_roles where rolname = 'eventshop_owner'"))
                    .isEqualTo("f");
            assertThatThrownBy(() -> server.passwordOf("eventshop_owner")).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void listensOnLoopbackOnly() throws SQLException {
            assertThat(server.host()).isEqualTo("127.0.0.1");
            assertThatThrownBy(() -> new Socket("127.0.0.2", server.port())).isInstanceOf(ConnectException.class);
            assertThat(ask(server, "show unix_socket_directories")).isEmpty();
        }

        @Test
        void hidesThePasswords() throws IOException {
            assertThat(Files.getPosixFilePermissions(folder.resolve("passwords")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            assertThat(folder.resolve("passwords"))
                    .content()
                    .contains("*:*:*:eventshop_reader:" + server.passwordOf("eventshop_reader") + "\n");
            assertThat(folder.resolve("superuser")).doesNotExist();
        }

        @Test
        void letsTheReaderReadEverySchema() throws SQLException {
            assertThat(askAs(server, "eventshop_reader", "select name from shop.thing"))
                    .isEqualTo("kept");
        }

        @Test
        void letsTheReaderWriteNowhere() {
            for (String sql : new String[] {
                "insert into shop.thing values ('x')",
                "update shop.thing set name = 'x'",
                "delete from shop.thing",
                "truncate shop.thing",
                "create table shop.other (x int)",
                "create table public.other (x int)",
                "create temporary table other (x int)",
                "create schema other"
            }) {
                assertRefused(READ_ONLY, () -> askAs(server, "eventshop_reader", sql));
                assertRefused(
                        DENIED,
                        () -> ask(
                                server.jdbcUrl(),
                                "eventshop_reader",
                                server.passwordOf("eventshop_reader"),
                                "set default_transaction_read_only = off",
                                sql));
            }
            assertRefused(DENIED, () -> askAs(server, "eventshop_reader", "set role eventshop_owner"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"command_side", "query_side", "notification"})
        void givesServicesNoRightsOfTheirOwn(String role) {
            for (String sql : new String[] {
                "select * from shop.thing",
                "create schema other",
                "create table public.other (x int)",
                "create temporary table other (x int)",
                "set role eventshop_owner"
            }) {
                assertRefused(DENIED, () -> askAs(server, role, sql));
            }
        }

        @Test
        void letsOnlyItsRolesConnect() throws SQLException {
            ask(server, "create role stranger login password 'stranger'");

            assertRefused(DENIED, () -> ask(server.jdbcUrl(), "stranger", "stranger", "select 1"));
        }

        @Test
        void writesNoValuesOfRowsToItsLog() throws Exception {
            ask(server, "create table secret (value text primary key)");
            ask(server, "insert into secret values ('nobody-may-read-this')");
            assertThatThrownBy(() -> ask(server, "insert into secret values ('nobody-may-read-this')"))
                    .hasMessageContaining("duplicate key");

            await().untilAsserted(() -> assertThat(log()).contains("duplicate key"));
            assertThat(log()).doesNotContain("nobody-may-read-this");
        }

        private String log() throws IOException {
            try (Stream<Path> files = Files.list(folder.resolve("log"))) {
                StringBuilder log = new StringBuilder();
                for (Path file : files.toList()) {
                    log.append(Files.readString(file));
                }
                return log.toString();
            }
        }
    }

    @Nested
    class AFolder {

        @TempDir
        private Path folder;

        @Test
        void keepsDataPasswordsAndPort() throws SQLException {
            String password;
            int port;
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                password = server.passwordOf("command_side");
                port = server.port();
                ask(server, "create table thing as select 'kept' as name");
            }

            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                assertThat(ask(server, "select name from thing")).isEqualTo("kept");
                assertThat(server.passwordOf("command_side")).isEqualTo(password);
                assertThat(server.port()).isEqualTo(port);
                assertThat(askAs(server, "command_side", "select current_user")).isEqualTo("command_side");
            }
        }

        @Test
        void isServedOnAnotherPortWhenItsPortIsTaken() throws Exception {
            int port;
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                port = server.port();
            }

            try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
                    EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                assertThat(server.port()).isNotEqualTo(taken.getLocalPort());
                assertThat(ask(server, "select 1")).isEqualTo("1");
            }
        }

        @Test
        void staysDurableWhateverIsSetInIt() throws SQLException {
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                ask(server, "alter system set fsync = off");
                ask(server, "alter system set synchronous_commit = off");
            }

            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                assertThat(ask(server, "show fsync")).isEqualTo("on");
                assertThat(ask(server, "show synchronous_commit")).isEqualTo("on");
            }
        }

        @Test
        void ofAProcessThatWasKilledIsServedAgain() throws Exception {
            try (ChildProcess child = ChildProcess.postgreSql(folder, Map.of())) {
                String url = child.readUri();
                String password = Files.readAllLines(folder.resolve("passwords")).stream()
                        .filter(line -> line.contains(":postgres:"))
                        .map(line -> line.substring(line.lastIndexOf(':') + 1))
                        .findFirst()
                        .orElseThrow();
                ask(url, "postgres", password, "create table thing as select 'kept' as name");
                assertThatThrownBy(() -> EmbeddedPostgreSql.start(folder))
                        .isInstanceOf(DataFolderInUse.class)
                        .hasMessage("The data folder " + folder + " is in use by another process.");

                child.kill();

                assertThat(ask(url, "postgres", password, "select name from thing"))
                        .as("the server outlives the JVM")
                        .isEqualTo("kept");
                try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder)) {
                    assertThat(ask(server, "select name from thing")).isEqualTo("kept");
                    assertThat(server.superuserPassword()).isEqualTo(password);
                }
                assertThatThrownBy(() -> ask(url, "postgres", password, "select 1"))
                        .isInstanceOf(SQLException.class);
            }
        }

        @Test
        void ofAServerThatWasKilledIsServedAgain() throws Exception {
            EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder);
            try (Connection session =
                    DriverManager.getConnection(server.jdbcUrl(), server.superuser(), server.superuserPassword())) {
                session.createStatement().execute("create table thing as select 'kept' as name");
                long number =
                        Long.parseLong(Files.readAllLines(folder.resolve("data").resolve("postmaster.pid"))
                                .get(0));
                ProcessHandle.of(number).orElseThrow().destroyForcibly();

                server.close();
            }

            try (EmbeddedPostgreSql again = EmbeddedPostgreSql.start(folder)) {
                assertThat(ask(again, "select name from thing")).isEqualTo("kept");
            }
        }

        @Test
        void isForOneServerAtATime() {
            EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder);
            try {
                assertThatThrownBy(() -> EmbeddedPostgreSql.start(folder)).isInstanceOf(DataFolderInUse.class);
                assertThatThrownBy(() -> EmbeddedPostgreSql.start(folder)).isInstanceOf(DataFolderInUse.class);
            } finally {
                server.close();
            }

            EmbeddedPostgreSql.start(folder).close();
        }

        @Test
        void isServedWhenTheServersNumberNowBelongsToAnotherProcess() throws Exception {
            EmbeddedPostgreSql.start(folder).close();
            Files.writeString(
                    folder.resolve("data").resolve("postmaster.pid"),
                    ProcessHandle.current().pid() + "\n" + folder.resolve("data") + "\n");

            EmbeddedPostgreSql.start(folder).close();

            assertThat(ProcessHandle.current().isAlive()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"with blank", "đơn hàng", "a'b\"c", "$HOME`touch broken`;x"})
        void mayHaveAnyName(String name) throws SQLException {
            Path named = folder.resolve(name);
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(named)) {
                ask(server, "create table thing as select 'kept' as name");
            }
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(named)) {
                assertThat(ask(server, "select name from thing")).isEqualTo("kept");
            }
            assertThat(named.resolve("broken")).doesNotExist();
        }

        @Test
        void isServedWhenItsFirstStartWasCutShort() throws Exception {
            Path half = Files.createDirectories(folder.resolve("data-1234"));
            Files.writeString(half.resolve("PG_VERSION"), "18\n");

            EmbeddedPostgreSql.start(folder).close();

            assertThat(half).doesNotExist();
        }

        @Test
        void ofAnotherVersionIsRefused() throws Exception {
            Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("PG_VERSION"), "17\n");

            assertThatThrownBy(() -> EmbeddedPostgreSql.start(folder))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessage("The data in " + folder + " was written by PostgreSQL 17, and this is PostgreSQL 18.");
        }

        @Test
        void thatIsAFileIsRefused() throws Exception {
            Path file = Files.createFile(folder.resolve("file"));

            assertThatThrownBy(() -> EmbeddedPostgreSql.start(file))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessage("PostgreSQL can't use the folder " + file + ": " + file + " is a file.");
        }

        @Test
        void withBrokenDataIsRefusedWithTheReason() throws Exception {
            EmbeddedPostgreSql.start(folder).close();
            Files.delete(folder.resolve("data").resolve("global").resolve("pg_control"));

            assertThatThrownBy(() -> EmbeddedPostgreSql.start(folder))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessage("PostgreSQL does not start in " + folder + ": its folder log has the reason.");
            assertThatThrownBy(() -> EmbeddedPostgreSql.start(folder))
                    .as("the folder is not kept locked")
                    .isNotInstanceOf(DataFolderInUse.class);
        }
    }

    @Nested
    class ThePrograms {

        @TempDir
        private Path folder;

        @Test
        void areUnpackedOnceByProcessesThatStartTogether() throws Exception {
            Map<String, String> cache =
                    Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString());
            try (ChildProcess one = ChildProcess.postgreSql(folder.resolve("one"), cache);
                    ChildProcess two = ChildProcess.postgreSql(folder.resolve("two"), cache)) {
                one.readUri();
                two.readUri();
                try (Stream<Path> files = Files.list(folder.resolve("cache").resolve("eventshop"))) {
                    assertThat(files.map(Path::getFileName).map(Path::toString))
                            .hasSize(2)
                            .contains("lock")
                            .anyMatch(name -> name.matches("postgresql-[0-9a-f]{16}"));
                }
            }
        }

        @Test
        void areUnpackedBesideTheDataWhenThereIsNoCache() throws Exception {
            Path noFolder = Files.createFile(folder.resolve("file"));
            try (ChildProcess child =
                    ChildProcess.postgreSql(folder.resolve("one"), Map.of("XDG_CACHE_HOME", noFolder.toString()))) {
                child.readUri();
            }
            assertThat(folder.resolve("one").resolve("programs")).isDirectoryContaining("glob:**/postgresql-*");
        }
    }

    @Nested
    class Root {

        @TempDir
        private Path folder;

        @Test
        void isToldWhenItCanNotStepDown() throws Exception {
            assumeTrue(System.getProperty("user.name").equals("root"));
            try (ChildProcess child = ChildProcess.postgreSql(folder, Map.of("PATH", folder.toString()))) {
                assertThatThrownBy(child::readUri).hasMessageContaining("start as another user");
            }
        }
    }

    @Nested
    class ForTests {

        @TempDir
        private Path folder;

        @Test
        void isFastAndLeavesNothingBehind() throws Exception {
            EmbeddedPostgreSql server = EmbeddedPostgreSql.temporaryForTests();
            Path data = Path.of(ask(server, "show data_directory"));
            assertThat(ask(server, "show fsync")).isEqualTo("off");

            server.close();

            assertThat(data.getParent()).doesNotExist();
            assertThatCode(server::close).doesNotThrowAnyException();
        }

        @Test
        void removesWhatAKilledProcessLeftBehind() throws Exception {
            Path parent = folder.resolve("eventshop-tests-" + System.getProperty("user.name"));
            Path leftBehind;
            String url;
            try (ChildProcess killed = ChildProcess.temporaryPostgreSql(folder)) {
                url = killed.readUri();
                killed.kill();
                try (Stream<Path> folders = Files.list(parent)) {
                    leftBehind = folders.findFirst().orElseThrow();
                }
            }
            Files.setLastModifiedTime(leftBehind, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));

            try (ChildProcess next = ChildProcess.temporaryPostgreSql(folder)) {
                next.readUri();
                assertThat(leftBehind).doesNotExist();
                assertThatThrownBy(() -> ask(url, "postgres", "x", "select 1"))
                        .hasRootCauseInstanceOf(ConnectException.class);
            }
            assertThat(parent).isEmptyDirectory();
        }
    }
}
