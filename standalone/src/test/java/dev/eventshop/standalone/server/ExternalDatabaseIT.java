package dev.eventshop.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import dev.eventshop.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

class ExternalDatabaseIT {

    private static final String OPTIONS = "spring.datasource.hikari.data-source-properties.options";

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private static UserSettings settings(String url, String user, String password) {
        return new UserSettings(List.of(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + user,
                "--spring.datasource.password=" + password));
    }

    private UserSettings admin() {
        return settings(database.url(), database.adminUser(), database.adminPassword());
    }

    private static Refused refusal(UserSettings settings) {
        try {
            ExternalDatabase.prepare(settings);
        } catch (Refused refused) {
            return refused;
        }
        throw new AssertionError("not refused");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void letsEachServiceLogInAsItsOwnRole(Service service) throws Exception {
        UserSettings user = admin();
        Map<String, String> settings = ExternalDatabase.prepare(user).settingsFor(ServiceSettings.of(service, user));

        Properties login = new Properties();
        login.setProperty("user", settings.get("spring.datasource.username"));
        login.setProperty("password", settings.get("spring.datasource.password"));
        login.setProperty("options", settings.get(OPTIONS));
        try (Connection connection = DriverManager.getConnection(settings.get("spring.datasource.url"), login);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_user, current_setting('is_superuser')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo(service.role());
            assertThat(row.getString(2)).isEqualTo("off");
        }
    }

    @Test
    void keepsTheOptionsThatTheUserHasSet() {
        UserSettings user = new UserSettings(List.of(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.adminUser(),
                "--spring.datasource.password=" + database.adminPassword(),
                "--" + OPTIONS + "=-c work_mem=8MB"));

        assertThat(ExternalDatabase.prepare(user).settingsFor(ServiceSettings.of(Service.NOTIFICATION_PROJECTOR, user)))
                .containsEntry(OPTIONS, "-c work_mem=8MB -c role=notification");
    }

    @Test
    void isSetUpWhenItIsNot() {
        JdbcTemplate jdbc = new JdbcTemplate(database.admin());
        String name = jdbc.queryForObject("select current_database()", String.class);
        jdbc.execute("revoke all on database " + name + " from eventshop_owner");

        ExternalDatabase.prepare(admin());

        assertThat(jdbc.queryForObject(
                        "select has_database_privilege('eventshop_owner', current_database(), 'CREATE')",
                        Boolean.class))
                .isTrue();
    }

    @Test
    void isEnoughWithAPlainUserThatMayBecomeTheRoles() {
        JdbcTemplate jdbc = new JdbcTemplate(database.admin());
        String name = jdbc.queryForObject("select current_database()", String.class);
        jdbc.execute("create role plain_user login password 'secret'");
        try {
            jdbc.execute("grant eventshop_owner, command_side, query_side, notification to plain_user");
            jdbc.execute("grant connect on database " + name + " to plain_user");

            assertThat(ExternalDatabase.prepare(settings(database.url(), "plain_user", "secret"))
                            .description())
                    .contains("plain_user");
        } finally {
            jdbc.execute("drop owned by plain_user");
            jdbc.execute("drop role plain_user");
        }
    }

    @Test
    void isNamedForOtherProgramsWithAndForPeopleWithoutThePassword() {
        ExternalDatabase prepared =
                ExternalDatabase.prepare(settings(database.url(), database.adminUser(), database.adminPassword()));
        String address = database.url().substring("jdbc:postgresql://".length());

        assertThat(prepared.uri())
                .isEqualTo("postgresql://" + database.adminUser() + ":" + database.adminPassword() + "@" + address);
        assertThat(prepared.description()).isEqualTo("postgresql://" + database.adminUser() + "@" + address);
    }

    @Test
    void isRefusedWhenItsUserMayNotBecomeTheServicesRoles() {
        assertThat(refusal(settings(database.url(), "command_side", database.passwordOf("command_side"))))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.SERVER))
                .hasMessageContaining("User command_side may not become eventshop_owner")
                .hasMessageContaining("docs/operations.md");
    }

    @Test
    void isRefusedWhenItIsNotSetUpAndItsUserMayNotDoSo() {
        JdbcTemplate jdbc = new JdbcTemplate(database.admin());
        String name = jdbc.queryForObject("select current_database()", String.class);
        jdbc.execute("revoke all on database " + name + " from eventshop_owner");

        assertThat(refusal(settings(database.url(), "command_side", database.passwordOf("command_side"))))
                .hasMessageContaining("may not make them")
                .hasMessageContaining("docs/operations.md");
    }

    @Test
    void isRefusedWhenThereIsNoSuchDatabase() {
        assertThat(refusal(settings(
                        database.url().replaceFirst("[^/]*$", "nothing"),
                        database.adminUser(),
                        database.adminPassword())))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.SERVER))
                .hasMessageContaining("\"nothing\" does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mysql://localhost/shop", "postgresql://localhost/shop", "nonsense"})
    void isRefusedWhenItIsNoPostgreSql(String url) {
        assertThatThrownBy(() -> ExternalDatabase.prepare(settings(url, "u", "p")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("spring.datasource.url");
    }

    @Test
    void isRefusedWhenTheUrlTakesTheRolesPlace() {
        assertThatThrownBy(() -> ExternalDatabase.prepare(
                        settings("jdbc:postgresql://localhost/shop?options=-c%20role=postgres", "u", "p")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("options");
    }
}
