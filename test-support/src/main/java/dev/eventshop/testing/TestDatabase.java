package dev.eventshop.testing;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * An empty database of the test's own, with the roles of the services. It is in an embedded server that lives as long
 * as the JVM, or in the server that the system property {@code eventshop.test.postgresql} names:
 * {@code user:password@host:port} of a superuser. Roles belong to the whole server: they stay there, with new
 * passwords.
 */
public final class TestDatabase implements AutoCloseable {

    private static final String MASTER_KEY = "test " + Base64.getEncoder().encodeToString(randomBytes(32));

    private final TestServer server = TestServer.instance();
    private final String name = "test_" + UUID.randomUUID().toString().replace("-", "");

    private TestDatabase() {}

    public static TestDatabase create() {
        TestDatabase database = new TestDatabase();
        database.server.create(database.name);
        return database;
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    public String url() {
        return server.url(name);
    }

    /** @return a superuser */
    public String adminUser() {
        return server.adminUser();
    }

    public String adminPassword() {
        return server.adminPassword();
    }

    public String passwordOf(String role) {
        return server.passwordOf(role);
    }

    /**
     * @return {@code spring.datasource.*} of a service's role, {@code spring.flyway.*} of the migrating one, and the key to
     *     personal data, the same in this JVM
     */
    public Map<String, String> springProperties(String role) {
        return Map.of(
                "eventshop.personal-data.master-keys", MASTER_KEY,
                "spring.datasource.url", url(),
                "spring.datasource.username", role,
                "spring.datasource.password", passwordOf(role),
                "spring.flyway.url", url(),
                "spring.flyway.user", TestServer.MIGRATOR,
                "spring.flyway.password", passwordOf(TestServer.MIGRATOR));
    }

    /** @return connections of a superuser, not pooled */
    public DataSource admin() {
        return server.dataSource(name, adminUser(), adminPassword());
    }

    /** @return connections of a role, not pooled */
    public DataSource as(String role) {
        return server.dataSource(name, role, passwordOf(role));
    }

    /** Ends all sessions in the database, and drops it. */
    @Override
    public void close() {
        server.drop(name);
    }
}
