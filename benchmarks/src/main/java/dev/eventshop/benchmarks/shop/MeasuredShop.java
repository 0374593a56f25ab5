package dev.eventshop.benchmarks.shop;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.command.CommandSideApplication;
import dev.eventshop.embedded.EmbeddedPostgreSql;
import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.query.QuerySideApplication;
import dev.eventshop.testing.TestIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The command side on a durable PostgreSQL, each in a process of its own, and an operator who sends commands. */
public final class MeasuredShop implements AutoCloseable {

    private static final String MIGRATOR = "eventshop_migrator";

    private final Path folder = Files.createTempDirectory("benchmark");
    private final EmbeddedPostgreSql server = EmbeddedPostgreSql.start(folder);
    private final HikariDataSource pool = new HikariDataSource();
    private final String masterKey = MasterKeys.newLine("benchmark");
    private final String token = "Bearer " + TestIssuer.shared().token("benchmark", "operator");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ServiceProcess commandSide;

    public MeasuredShop() throws IOException, InterruptedException {
        pool.setJdbcUrl(server.jdbcUrl());
        pool.setUsername(server.superuser());
        pool.setPassword(server.superuserPassword());
        pool.setMaximumPoolSize(2);
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            if (!"on".equals(jdbc().queryForObject("show " + setting, String.class))) {
                throw new IllegalStateException(setting + " is off: nothing durable would be measured");
            }
        }
        commandSide = startCommandSide();
    }

    /** Starts a further instance, on the same database. */
    ServiceProcess startCommandSide() throws IOException, InterruptedException {
        return ServiceProcess.start(CommandSideApplication.class, "command-side", settings("command_side"));
    }

    /** Events that are written past the command side must not be taken for its own. */
    public void stopCommandSide() {
        commandSide.close();
    }

    /** Goes on behind all that is stored by now. */
    public void restartCommandSide() throws IOException, InterruptedException {
        jdbc().update("update command_side.tracking_token set token = (select epoch || '-' || transaction_id || '-'"
                + " || global_index from event_store.domain_event order by epoch desc, transaction_id desc,"
                + " global_index desc limit 1)");
        commandSide = startCommandSide();
    }

    /**
     * @param role   of a service, or the superuser's for null
     * @param schema where tables are looked for
     */
    public HikariDataSource connections(@Nullable String role, String schema) {
        HikariDataSource connections = new HikariDataSource();
        connections.setJdbcUrl(server.jdbcUrl());
        connections.setUsername(role == null ? server.superuser() : role);
        connections.setPassword(role == null ? server.superuserPassword() : server.passwordOf(role));
        connections.setSchema(schema);
        connections.setMaximumPoolSize(4);
        connections.addDataSourceProperty("reWriteBatchedInserts", "true");
        return connections;
    }

    /** @return the keys in that schema */
    public PersonKeys keys(DataSource connections, String schema) {
        return new PersonKeys(connections, schema, MasterKeys.parse(masterKey));
    }

    /** @return a header's value */
    public String token() {
        return token;
    }

    public ServiceProcess startQuerySide() throws IOException, InterruptedException {
        return ServiceProcess.start(QuerySideApplication.class, "query-side", settings("query_side"));
    }

    private Map<String, String> settings(String role) {
        Map<String, String> settings = new HashMap<>(TestIssuer.shared().springProperties());
        settings.put("eventshop.personal-data.master-keys", masterKey);
        settings.put("spring.datasource.url", server.jdbcUrl());
        settings.put("spring.datasource.username", role);
        settings.put("spring.datasource.password", server.passwordOf(role));
        settings.put("spring.flyway.url", server.jdbcUrl());
        settings.put("spring.flyway.user", MIGRATOR);
        settings.put("spring.flyway.password", server.passwordOf(MIGRATOR));
        settings.put("spring.rabbitmq.addresses", "127.0.0.1:1"); // commands and views do without a broker
        return settings;
    }

    public String url() {
        return commandSide.url();
    }

    /** @return connections of a superuser */
    public DataSource pool() {
        return pool;
    }

    /** @return statements of a superuser */
    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    public int user() {
        return user("ada@example.com");
    }

    /** @param email that nobody has yet */
    public int user(String email) {
        return number(
                post(url() + "/api/users", "{\"email\":\"" + email + "\",\"fullName\":\"Ada Lovelace\"}"), "userId");
    }

    public int product(int stock) {
        return number(
                post(url() + "/api/products", "{\"name\":\"Teapot\",\"price\":19.90,\"initialStock\":" + stock + "}"),
                "productId");
    }

    /** @return the order */
    public int order(int user, int product) {
        return order(url(), user, product);
    }

    /**
     * @param url      of the instance that is asked
     * @param products one of each
     * @return the order
     */
    public int order(String url, int user, int... products) {
        String items = Arrays.stream(products)
                .mapToObj(product -> "{\"productId\":" + product + ",\"quantity\":1}")
                .collect(Collectors.joining(","));
        return number(post(url + "/api/orders", "{\"userId\":" + user + ",\"items\":[" + items + "]}"), "orderId");
    }

    /** @return version of the product afterwards */
    public long adjust(int product, int delta) {
        HttpResponse<String> answer =
                post(url() + "/api/products/" + product + "/stock-adjustments", "{\"delta\":" + delta + "}");
        return Long.parseLong(answer.headers().firstValue("ETag").orElseThrow().replace("\"", ""));
    }

    private HttpResponse<String> post(String url, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(url + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int number(HttpResponse<String> answer, String name) {
        return Integer.parseInt(answer.body().replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
    }

    @Override
    public void close() throws IOException {
        commandSide.close();
        pool.close();
        server.close();
        TestIssuer.shared().close(); // its thread would keep the JVM
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
