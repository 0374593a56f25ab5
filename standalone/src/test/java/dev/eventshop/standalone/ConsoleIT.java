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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import tools.jackson.databind.json.JsonMapper;

/** The console in a real browser, in front of a whole shop. With {@code -Deventshop.test.write-pictures} it paints docs. */
class ConsoleIT {

    private static final int LARGEST = 300_000;
    private static final boolean PAINT = Boolean.getBoolean("eventshop.test.write-pictures");
    private static final Path PICTURES = Path.of("..", "docs", "console");

    /** Where each page is, and its heading. */
    private static final Map<String, String> PAGES = new LinkedHashMap<>();

    static {
        PAGES.put("#/overview", "Overview");
        PAGES.put("#/events", "Events");
        PAGES.put("#/events/order-1", "order-1");
        PAGES.put("#/projections", "Projections");
        PAGES.put("#/projections/order-summary", "Projections");
        PAGES.put("#/failures/projections", "Failures");
        PAGES.put("#/failures/queues", "Failures");
        PAGES.put("#/mails", "Mails");
        PAGES.put("#/republication", "Republication");
        PAGES.put("#/reconciliation", "Reconciliation");
        PAGES.put("#/shop/products", "Shop");
        PAGES.put("#/shop/orders", "Shop");
        PAGES.put("#/shop/orders/1", "Order 1");
        PAGES.put("#/shop/users/1", "Shop");
        PAGES.put("#/sales", "Sales");
        PAGES.put("#/runbooks/messages-failed", "Messages are dead letters");
    }

    @TempDir
    private static Path folder;

    private static TestBroker broker;
    private static TcpProxy way;
    private static @Nullable StandaloneProcess shop;
    private static Path data;
    private static Endpoints endpoints;
    private static ShopClient client;
    private static int lan;

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
        for (String port : StandaloneProcess.FREE_HTTP_PORTS) { // to be known before the services have them
            arguments.add(port.replaceAll("0$", Integer.toString(TcpProxy.freePort())));
        }
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
        int tea = client.createProduct("Green tea, 250 g", new BigDecimal("12.50"), 200)
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
            broker.purge();
        }
    }

    @AfterEach
    void closeBrowsers() {
        browsers.forEach(Browser::close);
    }

    private Browser browser(String... arguments) {
        Browser browser = Browser.open(arguments);
        browsers.add(browser);
        return browser;
    }

    private static String console() {
        return endpoints.querySide() + "/console/";
    }

    private static String password(String user) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(data.resolve("issuer/secrets.json")))
                .path("users")
                .path(user)
                .asString();
    }

    /** @return a browser that this person has signed in with */
    private Browser signedIn(String user, String... arguments) throws IOException {
        Browser browser = browser(arguments);
        browser.go(console());
        browser.click("#sign-in");
        browser.type("#username", user);
        browser.type("#password", password(user));
        browser.click("button[type=submit]");
        browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("nav.menu")));
        return browser;
    }

    private static void assertClean(Browser browser) {
        assertThat(browser.errors()).isEmpty();
        Endpoints.Management management = endpoints.management();
        assertThat(browser.origins())
                .isNotEmpty()
                .isSubsetOf(
                        endpoints.querySide(),
                        endpoints.commandSide(),
                        endpoints.notificationProjector(),
                        endpoints.issuer(),
                        management.commandSide(),
                        management.querySide(),
                        management.notificationProjector());
    }

    @Test
    void anOrderIsPlacedAndFollowedToItsMail() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/shop/users");
        browser.fill("Email", "ada@example.com");
        browser.fill("Full name", "Ada Lovelace");
        browser.click("main form button[type=submit]");
        browser.until(ExpectedConditions.urlMatches("#/shop/users/\\d+$"));

        browser.show("#/shop/products");
        browser.press("New product");
        browser.fill("Name", "Teapot, blue");
        browser.fill("Price", "32");
        browser.fill("Stock", "7");
        browser.send();
        browser.type("input[aria-label='Quantity of Teapot, blue']", "2");
        browser.click("#place-order");
        browser.send();

        browser.until(ExpectedConditions.urlMatches("#/shop/orders/\\d+$"));
        browser.sees("#order-status", "confirmed");
        browser.press("Ship");
        browser.send();
        browser.sees("#order-status", "shipped");

        browser.press("Mails of this order");
        browser.seesPage("Mails");
        browser.until(ExpectedConditions.elementToBeClickable(By.partialLinkText("SHIPPED")))
                .click();
        assertThat(browser.inFrame("iframe.mail")).contains("Ada Lovelace", "SHIPPED");
        assertClean(browser);
    }

    @Test
    void anEventIsFoundAndItsPersonalDataAskedFor() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/events?type=UserRegisteredEvent&aggregateId=user-" + lan);
        browser.press("UserRegisteredEvent");
        browser.sees("dialog[open]", "[masked]");
        browser.click("dialog[open] header button");
        browser.show("#/events/user-" + lan);
        browser.seesPage("user-" + lan);
        browser.sees(".timeline", "[masked]");
        browser.press("Show personal data");
        browser.send();
        browser.sees(".timeline", "lan@example.com");
        assertClean(browser);
    }

    @Test
    void aReplayIsStartedAndReachesItsEnd() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/projections");
        browser.click("button[aria-label='Replay product-catalog']");
        browser.send();

        browser.until(ExpectedConditions.urlMatches("#/projections/replays/\\d+$"));
        browser.sees("#replay-percent", "100 %");
        browser.sees("main .state", "completed");
        browser.press("All projections");
        browser.sees("main", "side by side");
        assertClean(browser);
    }

    @Test
    void aDeadLetterIsLookedAtAndDiscarded() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(broker.uri()));
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.basicPublish(
                    "",
                    "order.created",
                    new AMQP.BasicProperties.Builder().messageId("broken-1").build(),
                    "{ this is no event".getBytes(StandardCharsets.UTF_8));
        }
        Http http = Http.asOperator(endpoints, Duration.ofMinutes(1));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !http.get(endpoints.notificationProjector() + "/api/admin/dead-letters")
                        .json()
                        .path("items")
                        .isEmpty());

        Browser browser = signedIn("operator");
        browser.show("#/overview");
        browser.sees("#health", "1 messages of order.created are dead letters");
        browser.press("What to do");
        browser.seesPage("Messages are dead letters");
        browser.show("#/failures/queues");
        browser.press("broken-1");
        browser.sees("dialog[open]", "this is no event");
        browser.click("dialog[open] header button");
        browser.click("button[aria-label^='Discard: order.created']");
        browser.send();
        browser.sees("main", "No dead letters.");
        assertClean(browser);
    }

    @Test
    void aBrokerThatIsAwayIsSeenAtOnce() throws Exception {
        Browser browser = signedIn("operator");
        browser.sees("#health", "Everything flows.");
        way.cut();
        try {
            browser.sees("#health", "The broker is away");
            browser.sees("#station-forwarder", "stands");
            assertThat(browser.text("#health a[href='#/runbooks/connection-failures']"))
                    .isEqualTo("What to do");
        } finally {
            way.connect();
        }
        browser.sees("#health", "Everything flows.");
    }

    @Test
    void rolesSeeWhatTheyMay() throws Exception {
        Browser customer = signedIn("customer");
        customer.seesPage("Shop");
        assertThat(customer.offers("nav.menu a")).containsExactly("Shop");
        assertThat(customer.offers("main button")).noneMatch(words -> words.matches("New product|Price|Stock"));
        customer.show("#/projections");
        customer.sees("main", "Your role does not allow this page.");
        customer.show("#/shop/orders/1");
        customer.sees("main [role=alert]", "There is no such order.");

        Browser staff = signedIn("staff");
        staff.seesPage("Mails");
        assertThat(staff.offers("nav.menu a")).containsExactly("Mails", "Shop", "Sales");
        staff.show("#/shop");
        staff.seesPage("Shop");
        assertThat(staff.offers("main button")).contains("New product");
        assertClean(staff);
    }

    @Test
    void theFirstStartPrintsALinkThatLogsTheOperatorIn() throws Exception {
        Matcher link = Pattern.compile(Pattern.quote(endpoints.issuer()) + "/login/ott\\S+")
                .matcher(shop.out());
        assertThat(link.find()).isTrue();
        Browser browser = browser();
        browser.go(link.group());
        browser.click("button[type=submit]");
        browser.click("#sign-in");
        browser.seesPage("Overview");
        assertThat(browser.text("header .who .name")).isEqualTo("operator");
        assertClean(browser);
    }

    @Test
    void whoSignsOutHasToSignInAgain() throws Exception {
        Browser browser = signedIn("operator");
        browser.go(console() + "#/mails"); // the token is gone with the page, and comes again from the issuer
        browser.seesPage("Mails");
        browser.click("header .who button");
        browser.until(ExpectedConditions.elementToBeClickable(By.id("sign-in")));
        browser.click("#sign-in");
        browser.until(ExpectedConditions.presenceOfElementLocated(By.id("username")));
        assertClean(browser);
    }

    @Test
    void everyPageIsAccessible() throws Exception {
        Browser browser = signedIn("operator");
        List<String> violations = new ArrayList<>();
        for (Map<String, String> choices :
                List.of(Map.of("theme", "light", "language", "en"), Map.of("theme", "dark", "language", "vi"))) {
            browser.prefer(choices);
            browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("nav.menu")));
            for (String page : PAGES.keySet()) {
                browser.show(page);
                browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main h1")));
                browser.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("main .loading")));
                for (String violation : browser.violations()) {
                    violations.add(page + " " + choices + " " + violation);
                }
            }
        }
        assertThat(violations).isEmpty();
        assertClean(browser);
    }

    @Test
    void everyPageFitsOnAPhone() throws Exception {
        Browser browser = signedIn("operator");
        browser.size(500, 900); // the least that the browser takes
        for (Map.Entry<String, String> page : PAGES.entrySet()) {
            browser.show(page.getKey());
            browser.seesPage(page.getValue());
            assertThat(browser.overhang()).as(page.getKey()).isZero();
        }
        assertThat(browser.has("nav.menu a")).isTrue();
        browser.click("header .toggle");
        browser.until(ExpectedConditions.elementToBeClickable(By.linkText("Mails")))
                .click();
        browser.seesPage("Mails");
    }

    @Test
    void isSmall() throws Exception {
        Browser browser = signedIn("operator");
        browser.seesPage("Overview");
        for (String page : PAGES.keySet()) {
            browser.show(page);
            browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main h1")));
        }
        assertThat(browser.timing().path("bytes").intValue()).isBetween(50_000, LARGEST);
    }

    @Test
    void showsRatesOfWhatHappens() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/overview");
        browser.sees("#station-store .figure", "0 per second");
        int product = client.createProduct("Black tea, 100 g", new BigDecimal("7.00"), 1_000)
                .id();
        await().until(() -> {
            client.placeOrder(lan, List.of(new Item(product, 1)));
            return browser.text("#station-store .figure").matches("[1-9].*");
        });
        paint(browser, "overview");
        for (String page : List.of("events", "projections", "shop/orders/1")) {
            browser.show("#/" + page);
            browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main h1")));
            browser.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("main .loading")));
            paint(browser, page.replaceAll("/.*", ""));
        }
        assertClean(browser);
    }

    private static void paint(Browser browser, String name) throws IOException {
        if (PAINT) {
            browser.picture(PICTURES.resolve(name + ".png"));
        }
    }
}
