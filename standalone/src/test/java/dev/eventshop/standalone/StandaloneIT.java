package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Progress;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.demo.DemoData;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running system with all servers embedded, and everything that can be done with it. */
class StandaloneIT {

    /** Such as another application may need on the same machine. */
    private static final Map<String, String> STRAY_VARIABLES = Map.of(
            "SERVER_PORT", "1",
            "MANAGEMENT_SERVER_PORT", "1",
            "SPRING_APPLICATION_NAME", "stray",
            "SPRING_CONFIG_NAME", "stray",
            "SPRING_DATASOURCE_USERNAME", "stray",
            "SPRING_FLYWAY_SCHEMAS", "stray",
            "SPRING_FLYWAY_USER", "stray",
            "SPRING_RABBITMQ_USERNAME", "stray",
            "SPRING_MAIL_USERNAME", "stray");

    private static final int USUAL_AMQP_PORT = 5672;

    @TempDir
    private static Path folder;

    private static Path data;
    private static @Nullable ServerSocket usualAmqpPort;
    private static StandaloneProcess shop;
    private static Endpoints endpoints;
    private static Http http;

    @BeforeAll
    static void start() {
        usualAmqpPort = take(USUAL_AMQP_PORT);
        data = folder.resolve("data");
        shop = StandaloneProcess.start(List.of(), STRAY_VARIABLES, data, "--eventshop.standalone.amqp-port=")
                .awaitReady();
        endpoints = shop.endpoints();
        http = Http.asOperator(endpoints, Duration.ofMinutes(1));
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
        if (usualAmqpPort != null) {
            usualAmqpPort.close();
        }
    }

    private static @Nullable ServerSocket take(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            return null; // somebody else has it
        }
    }

    @Nested
    class ItsFiles {

        @Test
        void areForTheOwnerAlone() throws Exception {
            for (Path folder : List.of(
                    data,
                    data.resolve("logs"),
                    data.resolve("postgresql"),
                    data.resolve("broker"),
                    data.resolve("issuer"))) {
                assertThat(mode(folder)).as(folder.toString()).isEqualTo("rwx------");
            }
            for (String file : List.of(
                    "endpoints.json",
                    "ports.properties",
                    "eventshop.lock",
                    "issuer/keys.json",
                    "issuer/secrets.json")) {
                assertThat(mode(data.resolve(file))).as(file).isEqualTo("rw-------");
            }
        }

        private static String mode(Path file) throws IOException {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        }

        @Test
        void haveTheLogOfAllServices() throws Exception {
            assertThat(Files.readString(data.resolve("logs/eventshop.log")))
                    .contains("[start command-side]", "[start query-side]", "[start notification-projector]");
        }
    }

    @Nested
    class ItsOutput {

        @Test
        void namesAllAddressesAndNoPassword() {
            assertThat(shop.out())
                    .contains(
                            endpoints.commandSide() + "/swagger-ui",
                            endpoints.querySide() + "/swagger-ui",
                            endpoints.notificationProjector() + "/swagger-ui",
                            endpoints.smtp(),
                            data.toString())
                    .doesNotContain(
                            password(endpoints.amqp()),
                            password(endpoints.postgresql()),
                            endpoints.operatorClientSecret());
            assertThat(shop.err()).isEmpty();
        }

        private static String password(String uri) {
            return URI.create(uri).getUserInfo().split(":")[1];
        }

        @Test
        void announcesThePortOfTheBrokerWhenTheUsualOneIsTaken() {
            int port = URI.create(endpoints.amqp()).getPort();
            assertThat(port).isNotEqualTo(USUAL_AMQP_PORT);
            assertThat(shop.out()).contains("The port of AMQP is " + port);
        }

        /** As a person would: by copying the lines. */
        @Test
        void hasFirstStepsThatWorkAsPrinted() throws Exception {
            assumeThat(Path.of("/usr/bin/curl")).isExecutable();
            String steps = shop.out()
                    .lines()
                    .dropWhile(line -> !line.startsWith("JSON="))
                    .takeWhile(line -> !line.isEmpty())
                    .collect(Collectors.joining("\n"));
            Process shell = new ProcessBuilder("sh", "-eu", "-c", steps)
                    .redirectErrorStream(true)
                    .start();
            String[] answers = new String(shell.getInputStream().readAllBytes()).split("\n");
            assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();

            assertThat(answers).as(steps).hasSize(3);
            JsonMapper json = new JsonMapper();
            int order = json.readTree(answers[0]).path("orderId").asInt();
            assertThat(order).isPositive();
            assertThat(json.readTree(answers[1])
                            .path("items")
                            .path(0)
                            .path("orderId")
                            .asInt())
                    .isEqualTo(order);
            assertThat(json.readTree(answers[2])
                            .path("items")
                            .path(0)
                            .path("userId")
                            .asInt())
                    .isPositive();
        }
    }

    @Nested
    class ItsCheck {

        @Test
        void findsAllWell() {
            try (StandaloneProcess check = StandaloneProcess.run("check", data)) {
                assertThat(check.exitCode()).as(check.out()).isZero();
                assertThat(check.out())
                        .contains("All is well.")
                        .containsPattern("broker +UP")
                        .containsPattern("notification-projector +UP")
                        .containsPattern("forwarder +UP")
                        .containsPattern("projection order-summary +RUNNING")
                        .containsPattern("user.registered +\\d+ +[1-9]\\d* +0");
            }
        }

        @Test
        void isJsonForPrograms() {
            try (StandaloneProcess check = StandaloneProcess.run("check", data, "--json")) {
                assertThat(check.exitCode()).as(check.out()).isZero();
                JsonNode state = new JsonMapper().readTree(check.out());
                assertThat(state.path("ok").asBoolean()).isTrue();
                assertThat(state.path("queues")).hasSize(7);
                assertThat(state.path("services")).hasSize(3);
                assertThat(state.path("projections")).hasSize(4);
                assertThat(state.path("problems")).isEmpty();
            }
        }
    }

    @Nested
    class ItsTokens {

        private Http with(String role) {
            try (StandaloneProcess token = StandaloneProcess.run("token", data, role)) {
                assertThat(token.exitCode()).as(token.err()).isZero();
                String text = token.out().strip();
                return new Http(Duration.ofMinutes(1), () -> text);
            }
        }

        @Test
        void openWhatTheirRoleMay() {
            String statistics = endpoints.querySide() + "/api/statistics/sales";
            String processors = endpoints.querySide() + "/api/admin/processors";
            assertThat(with("operator").get(processors).status()).isEqualTo(200);
            assertThat(with("staff").get(statistics).status()).isEqualTo(200);
            assertThat(with("staff").get(processors).status()).isEqualTo(403);
            Http customer = with("customer");
            assertThat(customer.get(statistics).status()).isEqualTo(403);
            assertThat(customer.get(endpoints.querySide() + "/api/orders").status())
                    .isEqualTo(200);
        }

        @Test
        void areNeededByAllServices() {
            Http nobody = new Http(Duration.ofMinutes(1), () -> "");
            for (String url : List.of(
                    endpoints.commandSide() + "/api/admin/forwarder",
                    endpoints.querySide() + "/api/products",
                    endpoints.notificationProjector() + "/api/notifications")) {
                assertThat(nobody.get(url).status()).as(url).isEqualTo(401);
            }
        }
    }

    @Test
    void letsEveryDocumentedEventArrive() {
        try (StandaloneProcess test = StandaloneProcess.run("test-events", data, "--timeout", "120")) {
            assertThat(test.exitCode()).as(test.out() + test.err()).isZero();
            assertThat(test.err()).isEmpty();
            assertThat(test.out().lines())
                    .hasSize(7)
                    .last()
                    .asString()
                    .matches("ProductStockUpdatedEvent( +\\d+ ms){3} +- +-");
            for (String event : List.of(
                    "UserRegisteredEvent",
                    "OrderCreatedEvent",
                    "OrderStatusChangedEvent",
                    "OrderCompletedEvent",
                    "OrderCancelledEvent")) {
                assertThat(test.out()).containsPattern(event + "( +\\d+ ms){5}");
            }
        }
    }

    @Test
    void rebuildsAReadModelAndShowsHowFarItIs() {
        try (StandaloneProcess replay = StandaloneProcess.run("replay", data, "product-catalog")) {
            assertThat(replay.exitCode()).as(replay.out() + replay.err()).isZero();
            assertThat(replay.out()).contains("100/100", "Complete: ");
        }
        try (StandaloneProcess list = StandaloneProcess.run("replay", data, "--list")) {
            assertThat(list.exitCode()).as(list.err()).isZero();
            assertThat(list.out().lines().skip(1))
                    .first()
                    .asString()
                    .contains("product-catalog", "SIDE_BY_SIDE", "COMPLETED");
        }
        try (StandaloneProcess unknown = StandaloneProcess.run("replay", data, "no-such-view")) {
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.err().lines()).singleElement().asString().contains("PROJECTION_NOT_FOUND");
        }
    }

    @Nested
    class ASecondOne {

        @Test
        void isRefusedInTheSameFolder() {
            try (StandaloneProcess second = StandaloneProcess.start(data)) {
                assertThat(second.exitCode()).isEqualTo(ExitCode.DATA_FOLDER);
                assertThat(second.err().lines())
                        .containsExactly("The data folder " + data + " is in use by process " + shop.pid() + ".");
            }
            assertThat(Endpoints.of(data)).isPresent();
        }

        @Test
        void isRefusedOnTheSamePortBeforeItStartsAnything() {
            int port = URI.create(endpoints.management().querySide()).getPort();
            Path other = folder.resolve("other");
            try (StandaloneProcess second =
                    StandaloneProcess.start(other, "--eventshop.query-side.management-port=" + port)) {
                assertThat(second.exitCode()).isEqualTo(ExitCode.PORT_TAKEN);
                assertThat(second.err().lines())
                        .containsExactly("Port " + port + " is taken by another program; set"
                                + " eventshop.query-side.management-port to another one.");
            }
            assertThat(other.resolve("postgresql")).doesNotExist();
        }
    }

    @Nested
    class ItsServices {

        @Test
        void describeThemselvesAndNotEachOther() {
            JsonNode command = document(endpoints.commandSide());
            JsonNode query = document(endpoints.querySide());
            JsonNode notification = document(endpoints.notificationProjector());

            assertThat(command.path("paths").propertyNames())
                    .contains("/api/orders/{id}/shipment", "/api/admin/forwarder")
                    .doesNotContain("/api/notifications", "/api/admin/processors");
            assertThat(query.path("paths").propertyNames())
                    .contains("/api/statistics/sales", "/api/admin/processors")
                    .doesNotContain("/api/notifications", "/api/admin/forwarder");
            assertThat(notification.path("paths").propertyNames())
                    .contains("/api/notifications", "/api/admin/queues")
                    .doesNotContain("/api/admin/forwarder", "/api/admin/processors");
        }

        private static JsonNode document(String url) {
            return http.get(url + "/v3/api-docs").json();
        }

        @Test
        void connectToTheBrokerOnlyWhereTheyNeedIt() {
            assertThat(components(endpoints.management().commandSide())).contains("db", "rabbit");
            assertThat(components(endpoints.management().notificationProjector()))
                    .contains("db", "rabbit", "mail");
            assertThat(components(endpoints.management().querySide()))
                    .contains("db")
                    .doesNotContain("rabbit", "mail");
        }

        private static Iterable<String> components(String management) {
            return http.get(management + "/actuator/health")
                    .json()
                    .path("components")
                    .propertyNames();
        }

        @Test
        void countForThemselves() {
            assertThat(metrics(endpoints.management().commandSide()))
                    .contains("pool=\"command-side\"")
                    .doesNotContain("pool=\"query-side\"");
            assertThat(metrics(endpoints.management().querySide()))
                    .contains("pool=\"query-side\"")
                    .doesNotContain("pool=\"command-side\"");
        }

        @Test
        void measureAllThatAlertsAndDashboardAskFor() throws IOException {
            Path deploy = Path.of("../deploy");
            String asked = Files.readString(deploy.resolve("prometheus/alerts.yml"))
                    + Files.readString(deploy.resolve("grafana/eventshop.json"));
            String onlyWithRedis = "eventshop_cache_redis";
            List<String> names = all("(?:eventshop|hikaricp)_[a-z_]+", asked).stream()
                    .filter(name -> !name.equals(onlyWithRedis))
                    .toList();
            assertThat(names).hasSizeGreaterThan(15).contains("hikaricp_connections_timeout_total");
            List<String> selections = all("eventshop_[a-z_]+\\{[a-z]+=\"\\w+\"}", asked);
            assertThat(selections).hasSizeGreaterThan(3);
            new ShopClient(endpoints, Duration.ofMinutes(1)).createProduct("Measured", BigDecimal.ONE, 1);

            await().untilAsserted(() -> {
                String measured = metrics(endpoints.management().commandSide())
                        + metrics(endpoints.management().querySide())
                        + metrics(endpoints.management().notificationProjector());
                assertThat(names).allSatisfy(name -> assertThat(measured).containsPattern("(?m)^" + name + "[{ ]"));
                assertThat(selections)
                        .allSatisfy(selection -> assertThat(measured).contains("\n" + selection + " "));
                assertThat(measured)
                        .contains(
                                "eventshop_queue_ready{queue=\"order.created\"} 0.0",
                                "eventshop_queue_consumers{queue=\"order.created\"} 1.0");
            });
        }

        private static List<String> all(String pattern, String text) {
            return Pattern.compile(pattern)
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .toList();
        }

        @Test
        void haveARunbookForEachAlert() throws IOException {
            Path docs = Path.of("../docs/runbooks");
            String index = Files.readString(docs.resolve("README.md"));
            List<String> alerts = Files.readAllLines(Path.of("../deploy/prometheus/alerts.yml"));
            for (String line : alerts) {
                String value = line.substring(line.lastIndexOf(' ') + 1);
                if (line.contains("- alert:")) {
                    assertThat(index).contains("`" + value + "`");
                } else if (line.contains("runbook:")) {
                    assertThat(Path.of("..").resolve(value)).exists();
                }
            }
            assertThat(alerts.stream().filter(line -> line.contains("runbook:")))
                    .hasSameSizeAs(alerts.stream()
                            .filter(line -> line.contains("- alert:"))
                            .toList());
            try (Stream<Path> pages = Files.list(docs)) {
                assertThat(pages.map(page -> page.getFileName().toString()).filter(page -> !page.equals("README.md")))
                        .isNotEmpty()
                        .allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
            }
        }

        private static String metrics(String management) {
            try (InputStream in =
                    URI.create(management + "/actuator/prometheus").toURL().openStream()) {
                return new String(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class ItsDatabase {

        private Connection connect() throws SQLException {
            URI uri = URI.create(endpoints.postgresql());
            String[] user = uri.getUserInfo().split(":");
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + uri.getAuthority().split("@")[1] + uri.getPath(), user[0], user[1]);
        }

        @Test
        void isDurableAndOfVersion18() throws Exception {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                    try (ResultSet row = statement.executeQuery("show " + setting)) {
                        row.next();
                        assertThat(row.getString(1)).as(setting).isEqualTo("on");
                    }
                }
                assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
            }
        }

        /** The class path has the migrations of all services and libraries. */
        @Test
        void hasInEachSchemaTheTablesOfThatServiceOnly() throws Exception {
            Map<String, String> owners = Map.of(
                    "domain_event", "event_store",
                    "product_lookup", "command_side",
                    "snapshot", "command_side, query_side",
                    "projection", "query_side",
                    "recipient", "notification",
                    "message_inbox", "notification");
            try (Connection connection = connect();
                    PreparedStatement statement = connection.prepareStatement(
                            "select string_agg(schemaname, ', ' order by schemaname) from pg_tables where tablename = ?")) {
                for (Map.Entry<String, String> table : owners.entrySet()) {
                    statement.setString(1, table.getKey());
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        assertThat(row.getString(1)).as(table.getKey()).isEqualTo(table.getValue());
                    }
                }
            }
        }

        @Test
        void letsOthersReadEverySchemaAndWriteNone() throws Exception {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                for (String table : List.of(
                        "event_store.domain_event",
                        "command_side.product_lookup",
                        "query_side.order_summary",
                        "notification.recipient")) {
                    statement.executeQuery("select count(*) from " + table).close();
                }
                connection.setReadOnly(false);
                assertThatThrownBy(() -> statement.execute("delete from event_store.domain_event"))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Nested
    class ItsDemoData {

        @Test
        void hasOrdersInEveryStateAndIsFilledInOnce() {
            ShopClient client = new ShopClient(endpoints, Duration.ofMinutes(1));
            int placed = fill(client);
            assertThat(placed).isGreaterThan(20);
            int products = count(client, "/api/products?limit=200");
            int orders = count(client, "/api/orders?limit=200");

            assertThat(fill(client)).isZero();

            assertThat(count(client, "/api/products?limit=200")).isEqualTo(products);
            assertThat(count(client, "/api/orders?limit=200")).isEqualTo(orders);
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                for (String status : List.of("CONFIRMED", "SHIPPED", "COMPLETED", "CANCELLED")) {
                    assertThat(count(client, "/api/orders?limit=200&status=" + status))
                            .as(status)
                            .isGreaterThan(3);
                }
            });
        }

        private static int fill(ShopClient client) {
            try (Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), "demo", DemoData.steps())) {
                return new DemoData(client, progress).fill();
            }
        }

        private static int count(ShopClient client, String path) {
            return client.read(path).path("items").size();
        }
    }
}
