package dev.eventshop.standalone.server;

import dev.eventshop.embedded.EmbeddedPostgreSql;
import dev.eventshop.standalone.settings.ServiceSettings;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;

/** PostgreSQL in the data folder. Each service logs in as its own role. */
final class EmbeddedDatabase implements DatabaseServer {

    private static final String MIGRATOR = "eventshop_migrator";
    private static final String READER = "eventshop_reader";

    private final EmbeddedPostgreSql server;

    private EmbeddedDatabase(EmbeddedPostgreSql server) {
        this.server = server;
    }

    static EmbeddedDatabase start(Path folder) {
        return new EmbeddedDatabase(EmbeddedPostgreSql.start(folder));
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        String role = service.service().role();
        return Map.of(
                "spring.datasource.url",
                server.jdbcUrl(),
                "spring.datasource.username",
                role,
                "spring.datasource.password",
                server.passwordOf(role),
                "spring.flyway.url",
                server.jdbcUrl(),
                "spring.flyway.user",
                MIGRATOR,
                "spring.flyway.password",
                server.passwordOf(MIGRATOR));
    }

    @Override
    public DataSource reader() {
        return Logins.as(server.jdbcUrl(), READER, server.passwordOf(READER), null);
    }

    @Override
    public DataSource owner() {
        return Logins.as(server.jdbcUrl(), MIGRATOR, server.passwordOf(MIGRATOR), Logins.OWNER);
    }

    @Override
    public String uri() {
        return uri(Uris.userInfo(READER, server.passwordOf(READER)));
    }

    @Override
    public String description() {
        return uri(Uris.userInfo(READER, ""));
    }

    private String uri(String userInfo) {
        return "postgresql://" + userInfo + server.host() + ":" + server.port() + "/" + server.database();
    }

    @Override
    public void close() {
        server.close();
    }
}
