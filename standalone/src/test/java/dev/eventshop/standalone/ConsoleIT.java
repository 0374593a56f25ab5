package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.Written;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import tools.jackson.databind.JsonNode;

/** The console in a real browser, in front of a whole shop. With {@code -Deventshop.test.write-pictures} it paints docs. */
class ConsoleIT extends ConsoleShop {

    private static final int LARGEST = 300_000;
    private static final Path PICTURES = Path.of("..", "docs", "console");

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
        assertThat(browser.inFrame("iframe.mail")).contains("[masked]", "SHIPPED");
        browser.press("Show personal data");
        browser.send();
        browser.sees("main .facts", "ada@example.com");
        assertThat(browser.inFrame("iframe.mail")).contains("Ada Lovelace", "SHIPPED");
        browser.press("Headers");
        browser.sees("main .card:last-child", "Message-ID");
        browser.sees("main .card:last-child", "auto-generated");
        browser.sees("main .card:last-child", "ada@example.com");
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
        assertThat(browser.focused()).isEqualTo("user-" + lan); // the button is gone

        browser.show("#/audit?target=/api/admin/aggregates/user-" + lan + "&outcome=DONE");
        browser.seesPage("Audit");
        browser.sees("main tbody", "GET /api/admin/aggregates/{id}/events");
        browser.sees("main tbody", "done · 200");
        browser.sees("main tbody", "query-side");
        browser.sees("main tbody", "127.0.0.1");
        browser.fill("Path begins with", "/api/nothing");
        browser.press("Search");
        browser.sees("main", "None is like that; choose less.");
        browser.until(ExpectedConditions.urlContains("target=%2Fapi%2Fnothing"));
        assertClean(browser);
    }

    @Test
    void aLongHistoryIsReadOn() throws Exception {
        int product =
                client.createProduct("Sencha, 50 g", new BigDecimal("9.00"), 1).id();
        for (int stock = 2; stock <= 205; stock++) {
            client.setStock(product, stock);
        }
        Browser browser = signedIn("operator");
        browser.show("#/events/product-" + product);
        browser.sees("main", "These are the first 200 events.");
        assertThat(browser.count(".timeline li")).isEqualTo(200);
        browser.press("Show more");
        browser.sees(".timeline li:last-child", "No. 204");
        assertThat(browser.count(".timeline li")).isEqualTo(205);
        assertThat(browser.text(".timeline li:last-child del")).isEqualTo("203");
        assertThat(browser.has("main .more")).isFalse();
        client.setStock(product, 206);
        browser.press("Refresh");
        browser.sees(".timeline li:last-child", "No. 205");
        assertThat(browser.count(".timeline li")).isEqualTo(206);
        assertClean(browser);
    }

    @Test
    void eventsComeAsTheyHappen() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/events?type=UserRegisteredEvent");
        browser.sees(".head .live:not(.off)", "live");
        browser.sees("main tbody", "user-" + lan);
        int before = browser.offers("main tbody tr").size();

        int id = client.register("live@example.com", "Just Now", "en")
                .orElseThrow()
                .id();
        client.placeOrder(id, List.of(new Item(tea, 1))); // which is another type

        browser.sees("main tbody tr:first-child", "user-" + id);
        assertThat(browser.offers("main tbody tr")).hasSize(before + 1);
        browser.press("Stop following");
        browser.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector(".head .live")));
        assertClean(browser);
    }

    @Test
    void anEventHasAnAddressOfItsOwn() throws Exception {
        String position = client.register("deep@example.com", "Deep Link", "en")
                .orElseThrow()
                .position();
        Browser browser = browser();
        browser.go(console() + "#/events/" + position); // and is there after signing in
        signIn(browser, data, "operator");
        browser.seesPage("UserRegisteredEvent");
        browser.sees("main", "[masked]");
        browser.press("Show personal data");
        browser.send();
        browser.sees("main", "deep@example.com");

        browser.show("#/events/0-0-1");
        browser.sees("main", "There is no event at that position.");
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
        browser.until(ExpectedConditions.attributeToBe(By.cssSelector("main [role=progressbar] rect"), "width", "100"));
        browser.sees("main .state", "completed");
        browser.press("All projections");
        browser.sees("main", "side by side");
        browser.show("#/projections/product-catalog");
        String generations = "[aria-label=Generations] tbody ";
        browser.sees(generations + "tr:nth-child(1)", "idle");
        browser.sees(generations + "tr:nth-child(2)", "live");
        browser.sees(generations + "tr:nth-child(2)", "product_catalog_b");
        assertThat(browser.text(generations + "tr:nth-child(2) td:nth-child(2)"))
                .isEqualTo("2");
        assertClean(browser);
    }

    @Test
    void aReplayFromSomewhereIsRefusedWithTheReasonOrDone() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/projections");
        browser.click("button[aria-label='Replay sales-statistics']");
        browser.click("dialog[open] input[value=IN_PLACE]");
        browser.fill("From", "yesterday");
        browser.press("Start");
        browser.sees("dialog[open] [role=alert]", "“yesterday” is no moment");
        browser.fill("From", "2026-01-31");
        browser.press("Start");
        browser.sees("dialog[open] [role=alert]", "its rows are shared by many aggregates");
        browser.click("dialog[open] header button");

        browser.click("button[aria-label='Replay order-summary']");
        browser.click("dialog[open] input[value=IN_PLACE]");
        browser.fill("From", "2026-01-31");
        browser.press("Start");
        browser.sees("#replay-percent", "100");
        browser.sees("main .facts", "From");
        assertClean(browser, "status of 422");
    }

    /** A view that can't be written, and then can. */
    @Test
    void anEventThatWasSetApartIsLookedAtAndTriedAgain() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        client.awaitConfirmed(order, Duration.ofMinutes(1));
        Browser browser = browser();
        try (java.sql.Connection database = database(data, endpoints);
                Statement statement = database.createStatement()) {
            refuse(order, statement);
            try {
                client.ship(order.id());
                await().atMost(Duration.ofMinutes(2)).until(() -> !letters().isEmpty());
                browser.go(console() + "#/failures/projections/"
                        + letters().get(0).path("id").longValue());
                signIn(browser, data, "operator");
                browser.sees("dialog[open]", "not today");
                browser.sees("dialog[open]", "\"newStatus\": \"SHIPPED\"");
                browser.click("dialog[open] summary");
                browser.sees("dialog[open] details", "Wrapped by: ");
                browser.click("dialog[open] button[aria-label^=Retry]"); // in vain
                browser.send();
                await().until(() -> letters().get(0).path("attempts").intValue() == 2);
            } finally {
                accept(statement);
            }
        }
        browser.show("#/overview");
        browser.sees("#health", "order-summary has set 1 events apart.");
        browser.show("#/failures");
        browser.sees("[aria-label=Groups]", "order-summary");
        browser.sees("main", "Of the last seven days wait 1 events and 0 messages.");
        browser.show("#/failures/projections");
        browser.sees("main", "OrderStatusChangedEvent");
        browser.click("button[aria-label='Retry: OrderStatusChangedEvent order-" + order.id() + "']");
        browser.send();
        browser.sees("main", "No event was set apart.");
        browser.show("#/shop/orders/" + order.id());
        browser.sees("#order-status", "shipped");
        assertClean(browser);
    }

    /** Lets no table of the view take the order. */
    private static void refuse(Written order, Statement statement) throws SQLException {
        statement.execute("create function query_side.refuse() returns trigger language plpgsql"
                + " as $$ begin raise exception 'not today'; end $$");
        for (String slot : List.of("a", "b")) {
            statement.execute("create trigger refuse before insert or update on query_side.order_summary_" + slot
                    + " for each row when (new.order_id = " + order.id() + ") execute function query_side.refuse()");
        }
    }

    private static void accept(Statement statement) throws SQLException {
        statement.execute("drop function query_side.refuse() cascade");
    }

    @Test
    void whatHasFailedIsTriedAgainAndDiscardedAllAtOnce() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        client.awaitConfirmed(order, Duration.ofMinutes(1));
        try (java.sql.Connection database = database(data, endpoints);
                Statement statement = database.createStatement()) {
            refuse(order, statement);
            try {
                client.ship(order.id());
                await().atMost(Duration.ofMinutes(2)).until(() -> !letters().isEmpty());
            } finally {
                accept(statement);
            }
        }
        publish("all-1", "{ this is no event", Map.of());
        publish("all-2", "{ this is no event", Map.of());
        await().atMost(Duration.ofMinutes(2)).until(() -> deadLetters().size() == 2);

        Browser browser = signedIn("operator");
        browser.show("#/failures");
        browser.press("Retry all");
        browser.sees("dialog[open] .facts div:nth-child(1)", "Events of projections");
        browser.sees("dialog[open] .facts div:nth-child(1) dd", "1");
        browser.sees("dialog[open] .facts div:nth-child(2) dd", "2");
        browser.send();
        browser.sees(".messages", "3 to be tried again.");
        await().until(() -> letters().isEmpty());
        await().atMost(Duration.ofMinutes(2)) // to no avail for these
                .until(() -> deadLetters().size() == 2
                        && deadLetters().stream()
                                .allMatch(letter -> letter.path("attempts").intValue() > 1));
        browser.show("#/failures/queues");
        browser.fill("Queue", "order.created");
        browser.press("Discard all");
        browser.sees("dialog[open] .facts", "2 order.created");
        browser.send();
        browser.sees(".messages", "2 discarded.");
        browser.sees("main", "No dead letters.");
        assertClean(browser);
    }

    private static List<JsonNode> letters() {
        return items(endpoints.querySide() + "/api/admin/dead-letters");
    }

    @Test
    void aDeadLetterIsLookedAtTriedAgainAndDiscarded() throws Exception {
        publish("broken-1", "{ this is no event", Map.of("sent-by", "somebody else"));
        await().atMost(Duration.ofMinutes(2)).until(() -> !deadLetters().isEmpty());

        Browser browser = signedIn("operator");
        browser.show("#/overview");
        browser.sees("#health", "1 messages of order.created are dead letters");
        browser.press("What to do");
        browser.seesPage("Messages are dead letters");
        browser.show("#/failures/queues");
        browser.press("broken-1");
        browser.sees("dialog[open]", "[masked]");
        browser.press("Show personal data");
        browser.click("dialog[open] dialog[open] button[type=submit]");
        browser.sees("dialog[open]", "this is no event");
        browser.sees("dialog[open]", "somebody else");
        browser.click("dialog[open] summary");
        browser.sees("dialog[open] details", "at dev.eventshop.messaging.");
        browser.click("dialog[open] button[aria-label^=Retry]");
        browser.send();
        await().atMost(Duration.ofMinutes(2)) // to no avail: it is the same letter again
                .until(() -> deadLetters().size() == 1
                        && deadLetters().get(0).path("attempts").intValue() > 1);
        browser.click("button[aria-label^='Discard: order.created']");
        browser.send();
        browser.sees("main", "No dead letters.");
        assertClean(browser);
    }

    @Test
    void deadLettersThatFailedAlikeAreOneRow() throws Exception {
        String order = "{\"orderId\":%d,\"userId\":%d,\"totalAmount\":1.00,\"items\":[{\"productId\":1,"
                + "\"productName\":\"Tea\",\"quantity\":1,\"unitPrice\":1.00}],\"createdAt\":\"2026-01-01T00:00:00Z\"}";
        Map<String, Object> headers = Map.of("axon-message-type", "OrderCreatedEvent", "axon-message-revision", "1.0");
        publish("alike-1", order.formatted(0, 1), headers);
        publish("alike-2", order.formatted(1, 0), headers);
        await().atMost(Duration.ofMinutes(2)).until(() -> deadLetters().size() == 2);

        Browser browser = signedIn("operator");
        browser.show("#/failures");
        browser.sees("[aria-label=Groups]", "orderId must be positive");
        browser.sees("[aria-label=Groups]", "userId must be positive");
        assertThat(browser.offers("[aria-label=Groups] tbody tr"))
                .singleElement(STRING)
                .contains("order.created");
        browser.sees("main", "Of the last seven days wait 0 events and 2 messages.");
        browser.sees("[aria-label='Circuit breakers']", "closed");
        paint(browser, "failures");
        browser.click("button[aria-label^='Discard: order.created']");
        browser.send();
        browser.sees("main", "Nothing has failed.");
        assertThat(deadLetters()).isEmpty();
        assertClean(browser);
    }

    @Test
    void historyIsCountedFromADayOn() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/republication");
        browser.press("Send history");
        browser.fill("Queue", "order.created");
        browser.fill("From", "2026-01-31");
        browser.press("Count events");
        browser.until(ExpectedConditions.textMatches(
                By.cssSelector(".messages"), Pattern.compile("[1-9]\\d* events would be sent\\.")));
        browser.click("main tbody a");
        browser.until(ExpectedConditions.urlMatches("#/republication/\\d+$"));
        browser.sees("main h1", "Republication");
        browser.sees("main .facts", "order.created");
        browser.sees("main .state", "completed");
        assertClean(browser);
    }

    @Test
    void aProductHasAPageOfItsOwn() throws Exception {
        int product =
                client.createProduct("Cup, white", new BigDecimal("4.50"), 3).id();
        Browser browser = signedIn("operator");
        browser.show("#/shop/products");
        browser.press("Cup, white");
        browser.seesPage("Cup, white");
        browser.sees("main .facts", "4.50");
        browser.sees("main", "It has not changed yet.");
        client.setStock(product, 5); // and it is seen without a reload
        browser.sees("main tbody", "3 5");
        browser.show("#/shop/products/999999");
        browser.sees("main [role=alert]", "There is no such product.");
        assertThat(browser.text("main")).doesNotContain("How the stock has changed");
        assertClean(browser, "status of 404");
    }

    @Test
    void aServiceThatHangsIsSeenWhileTheOthersGoOn() throws Exception {
        Browser browser = signedIn("operator");
        browser.sees("#health", "Everything flows.");
        mails.silence();
        try {
            browser.sees("#health", "The queues can’t be asked.");
            assertThat(browser.text("#health")).contains("One thing is degraded.");
            browser.sees("#station-projections", "order-summary");
        } finally {
            mails.speak();
        }
        browser.sees("#health", "Everything flows.");
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
        assertClean(browser, "status of 503");
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
        assertClean(customer, "status of 404");

        Browser staff = signedIn("staff");
        staff.seesPage("Mails");
        assertThat(staff.offers("nav.menu a")).containsExactly("Mails", "Shop", "Sales");
        staff.show("#/shop");
        staff.seesPage("Shop");
        assertThat(staff.offers("main button")).contains("New product");
        assertClean(staff);
    }

    /** What the pages leave out is refused by the services, whoever asks. */
    @Test
    void aRoleWithoutTheRightSeesNoButtonAndIsRefused() throws Exception {
        Browser staff = signedIn("staff");
        staff.show("#/failures");
        staff.sees("main", "Your role does not allow this page.");
        assertThat(staff.offers("main button")).isEmpty();
        assertThat(staff.write("querySide", "POST", "/api/admin/dead-letters/retry"))
                .isEqualTo(403);
        assertThat(staff.write("notificationProjector", "POST", "/api/admin/dead-letters/discard"))
                .isEqualTo(403);

        Browser customer = signedIn("customer");
        customer.show("#/shop/products");
        customer.sees("main", "Green tea");
        assertThat(customer.offers("main button")).doesNotContain("New product", "Price", "Stock");
        assertThat(customer.write("commandSide", "PUT", "/api/products/" + tea + "/price"))
                .isEqualTo(403);
        assertClean(customer, "status of 403");
        assertClean(staff, "status of 403");

        Browser operator = signedIn("operator");
        assertThat(operator.write("querySide", "POST", "/api/admin/dead-letters/retry"))
                .isEqualTo(202); // the way is open to those who may
        operator.show("#/audit?actor=staff&outcome=REFUSED");
        operator.sees("main tbody", "/api/admin/dead-letters/retry");
        operator.sees("main tbody", "/api/admin/dead-letters/discard");
        operator.sees("main tbody", "refused · 403");
        paint(operator, "audit");
        assertClean(operator);
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
    void whatASignedOutReaderSawIsNotFoundByTheWayBack() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/shop/orders");
        browser.sees("main tbody", "Green tea");
        browser.click("header .who button");
        browser.until(ExpectedConditions.elementToBeClickable(By.id("sign-in")));
        browser.back();
        browser.until(ExpectedConditions.urlContains("#/shop/orders"));
        browser.until(ExpectedConditions.elementToBeClickable(By.id("sign-in")));
        assertThat(browser.has("nav.menu")).isFalse();
        assertClean(browser);
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
        assertClean(browser);
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
        String perSecond = "(0\\.)?[1-9].*";
        String consumed = "//*[@id='station-consumers']//tr[th='order.created']/td";
        await().until(() -> {
            client.placeOrder(lan, List.of(new Item(product, 1)));
            return browser.text("#station-exchange .figure").matches(perSecond)
                    && browser.textAt(consumed + "[2]").matches(perSecond);
        });
        assertThat(browser.textAt(consumed + "[1]")).isEqualTo("1");
        assertThat(browser.count("#station-queues tbody tr")).isEqualTo(7);
        browser.tall(1200); // with the charts
        paint(browser, "overview");
        browser.usual();
        assertThat(browser.has(".way.moving")).isTrue();
        browser.press("Pause updates");
        browser.sees(".head .live.off", "paused");
        assertThat(browser.has(".way.moving")).isFalse();
        browser.press("Resume updates");
        for (String page : List.of(
                "events", "projections", "shop/orders/1", "mails", "republication", "reconciliation", "sales")) {
            browser.show("#/" + page);
            browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main h1")));
            browser.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("main .loading")));
            paint(browser, page.replaceAll("/.*", ""));
        }
        assertClean(browser);
    }

    @Test
    void showsTheLastHourAtOnce() throws Exception {
        awaitRecentMetrics();
        Browser browser = signedIn("operator");
        browser.seesPage("Overview");
        browser.sees("main", "Events behind in the last hour");
        await().until(() -> browser.recalled() > 2);
        assertClean(browser);
    }

    private static void paint(Browser browser, String name) throws IOException {
        if (PAINT) {
            browser.picture(PICTURES.resolve(name + ".png"));
        }
    }
}
