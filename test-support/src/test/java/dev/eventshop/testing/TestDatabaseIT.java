package dev.eventshop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.embedded.EmbeddedPostgreSql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TestDatabaseIT {

    @Test
    void isApartFromOthers() throws Exception {
        try (TestDatabase one = TestDatabase.create();
                TestDatabase other = TestDatabase.create()) {
            ask(one.admin(), "create table thing as select 1 as x");

            assertThat(ask(one.admin(), "select count(*) from pg_tables where tablename = 'thing'"))
                    .isEqualTo("1");
            assertThat(ask(other.admin(), "select count(*) from pg_tables where tablename = 'thing'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void letsEveryRoleLogIn() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            for (String role : EmbeddedPostgreSql.ROLES) {
                assertThat(ask(database.as(role), "select current_user")).isEqualTo(role);
            }
            assertThat(ask(database.admin(), "select rolsuper from pg_roles where rolname = current_user"))
                    .isEqualTo("t");
        }
    }

    @Test
    void isReachedWithTheSpringProperties() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            Map<String, String> properties = database.springProperties("command_side");

            try (Connection connection = DriverManager.getConnection(
                    properties.get("spring.datasource.url"),
                    properties.get("spring.datasource.username"),
                    properties.get("spring.datasource.password"))) {
                assertThat(connection.getMetaData().getUserName()).isEqualTo("command_side");
            }
            try (Connection connection = DriverManager.getConnection(
                            properties.get("spring.flyway.url"),
                            properties.get("spring.flyway.user"),
                            properties.get("spring.flyway.password"));
                    Statement statement = connection.createStatement()) {
                statement.execute("set role eventshop_owner");
                statement.execute("create schema shop");
            }
        }
    }

    @Test
    void isDroppedWhenItIsClosed() throws Exception {
        TestDatabase database = TestDatabase.create();
        try (Connection open = database.as("query_side").getConnection()) {
            database.close();

            assertThat(open.isValid(5)).isFalse();
            assertThatThrownBy(() -> database.admin().getConnection()).hasMessageContaining("does not exist");
        }
    }

    @Test
    void isMadeByManyAtOnce() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            List<Future<TestDatabase>> databases = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                databases.add(executor.submit(TestDatabase::create));
            }
            for (Future<TestDatabase> future : databases) {
                try (TestDatabase database = future.get(120, TimeUnit.SECONDS)) {
                    assertThat(ask(database.as("notification"), "select 1")).isEqualTo("1");
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void hasNoPasswordOfUnknownRoles() {
        try (TestDatabase database = TestDatabase.create()) {
            assertThatThrownBy(() -> database.as("eventshop_owner"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("eventshop_owner does not log in");
        }
    }

    private static String ask(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            ResultSet rows = statement.getResultSet();
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
