package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestBroker;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole shop behind its console, for the tests of one class, and browsers in front of it. */
abstract class ConsoleShop {

    /** The tests paint the pictures of the guide. */
    static final boolean PAINT = Boolean.getBoolean("eventshop.test.write-pictures");

    /** Where each page is, and its heading. */
    static final Map<String, String> PAGES = new LinkedHashMap<>();

    static {
        PAGES.put("#/overview", "Overview");
        PAGES.put("#/events", "Events");
        PAGES.put("#/events/order-1", "order-1");
        PAGES.put("#/projections", "Projections");
        PAGES.put("#/projections/order-summary", "Projections");
        PAGES.put("#/failures", "Failures");
        PAGES.put("#/failures/projections", "Failures");
        PAGES.put("#/failures/queues", "Failures");
        PAGES.put("#/mails", "Mails");
        PAGES.put("#/republication", "Republication");
        PAGES.put("#/reconciliation", "Reconciliation");
        PAGES.put("#/audit", "Audit");
        PAGES.put("#/shop/products", "Shop");
        PAGES.put("#/shop/orders", "Shop");
        PAGES.put("#/shop/orders/1", "Order 1");
        PAGES.put("#/shop/users/1", "Shop");
        PAGES.put("#/sales", "Sales");
        PAGES.put("#/runbooks/messages-failed", "Messages are dead letters");
    }

    @TempDir
    private static Path folder;

    static TestBroker broker;
    static TcpProxy way;
    static TcpProxy mails;
    static @Nullable StandaloneProcess shop;
    static Path data;
    static Endpoints endpoints;
    static ShopClient client;
    static int tea;
    static int lan;

    private final List<Browser> browsers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        Browser.open().close(); // or all of this is skipped
        data = folder.resolve("data");
        broker = TestBroker.embedded();
        broker.purge();
        URI uri = URI.create(broker.uri());
        way = TcpProxy.to(uri.getPort());
        List<String> arguments = new ArrayList<>();
        arguments.add("--eventshop.query.dead-letters.first-retry=1h"); // whoever is to try again are the tests
        arguments.add("--eventshop.query.dead-letters.longest-retry=1h");
        arguments.add("--eventshop.query.streams.heartbeat-interval=2s"); // streams that were left are noticed soon
        for (String port : StandaloneProcess.knownHttpPorts()) {
            arguments.add(port);
            if (port.startsWith("--eventshop.notification-projector.port=")) {
                mails = TcpProxy.to(Integer.parseInt(port.replaceAll(".*=", "")));
            }
        }
        arguments.add("--eventshop.console.notification-projector=http://127.0.0.1:" + mails.port());
        if (PAINT) {
            arguments.add("--demo");
        }
        shop = StandaloneProcess.start(
                        List.of(),
                        Map.of(
                                "SPRING_RABBITMQ_ADDRESSES",
                                broker.uri().replace(":" + uri.getPort(), ":" + way.port())),
                        data,
                        arguments.toArray(String[]::new))
                .awaitReady();
        if (PAINT) {
            shop.awaitOutput("orders are there to look at");
        }
        endpoints = shop.endpoints();
        client = new ShopClient(endpoints, Duration.ofMinutes(1));
        tea = client.createProduct("Green tea, 250 g", new BigDecimal("12.50"), 200)
                .id();
        lan = client.register("lan@example.com", "Nguyễn Lan", "vi")
                .orElseThrow()
                .id();
        client.placeOrder(lan, List.of(new Item(tea, 2)));
    }

    @AfterAll
    static void stop() {
        if (shop != null) {
            shop.close();
            way.close();
            mails.close();
            broker.purge();
        }
    }

    @AfterEach
    void closeBrowsers() {
        browsers.forEach(Browser::close);
    }

    Browser browser(String... arguments) {
        Browser browser = Browser.open(arguments);
        browsers.add(browser);
        return browser;
    }

    static String console() {
        return endpoints.querySide() + "/console/";
    }

    private static String password(Path data, String user) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(data.resolve("issuer/secrets.json")))
                .path("users")
                .path(user)
                .asString();
    }

    /** @return a browser that this person has signed in with */
    Browser signedIn(String user, String... arguments) throws IOException {
        Browser browser = browser(arguments);
        browser.go(console());
        signIn(browser, data, user);
        return browser;
    }

    static void signIn(Browser browser, Path data, String user) throws IOException {
        signIn(browser, data, user, By.cssSelector("nav.menu"));
    }

    /** @param expected what there is then */
    static void signIn(Browser browser, Path data, String user, By expected) throws IOException {
        browser.click("#sign-in");
        browser.type("#username", user);
        browser.type("#password", password(data, user));
        browser.click("button[type=submit]");
        browser.until(ExpectedConditions.presenceOfElementLocated(expected));
    }

    /** @param expected parts of what the browser may complain about, such as the status of an answer that was provoked */
    static void assertClean(Browser browser, String... expected) {
        assertThat(browser.errors())
                .filteredOn(error -> Stream.of(expected).noneMatch(error::contains))
                .isEmpty();
        Endpoints.Management management = endpoints.management();
        assertThat(browser.origins())
                .isNotEmpty()
                .isSubsetOf(
                        endpoints.querySide(),
                        endpoints.commandSide(),
                        "http://127.0.0.1:" + mails.port(),
                        endpoints.issuer(),
                        management.commandSide(),
                        management.querySide(),
                        management.notificationProjector());
    }

    /** Until there are some of each service. */
    static void awaitRecentMetrics() {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            for (String service :
                    List.of(endpoints.commandSide(), endpoints.querySide(), endpoints.notificationProjector())) {
                assertThat(Http.asOperator(endpoints, Duration.ofMinutes(1))
                                .get(service + "/api/admin/recent-metrics")
                                .json()
                                .path("at"))
                        .hasSizeGreaterThan(3);
            }
        });
    }

    /** As the superuser, whose password is in the data folder. */
    static java.sql.Connection database(Path data, Endpoints endpoints) throws Exception {
        String password = Files.readAllLines(data.resolve("postgresql/passwords")).stream()
                .filter(line -> line.contains(":postgres:"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .findFirst()
                .orElseThrow();
        URI uri = URI.create(endpoints.postgresql());
        return DriverManager.getConnection(
                "jdbc:postgresql://" + uri.getAuthority().split("@")[1] + uri.getPath(), "postgres", password);
    }

    static List<JsonNode> deadLetters() {
        return items(endpoints.notificationProjector() + "/api/admin/dead-letters");
    }

    static List<JsonNode> items(String url) {
        return Http.asOperator(endpoints, Duration.ofMinutes(1))
                .get(url)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    /** Into one queue, past everything that would make an event of it. */
    static void publish(String id, String body, Map<String, Object> headers) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(broker.uri()));
        Map<String, Object> all = new HashMap<>(headers);
        all.put("axon-message-id", id);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .messageId(id)
                .headers(all)
                .build();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.basicPublish("", "order.created", properties, body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
