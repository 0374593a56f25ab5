package dev.eventshop.standalone;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.Written;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.ExpectedConditions;
import tools.jackson.databind.JsonNode;

/** The console with a keyboard, a screen reader, a phone, the buttons of the browser, and for those who read slowly. */
class ConsoleUseIT extends ConsoleShop {

    private static final List<Map<String, String>> CHOICES =
            List.of(Map.of("theme", "light", "language", "en"), Map.of("theme", "dark", "language", "vi"));

    /** As wide as WCAG 1.4.10 has it. */
    private static final int NARROW = 320;

    private static final int ROWS_THAT_STAY = 1000;

    /** Long enough for any page to have asked again. */
    private static final Duration QUIET = Duration.ofSeconds(7);

    private static final String RUNNING = """
            id: 1
            data: {"id": 7, "projection": "order-summary", "mode": "SIDE_BY_SIDE", "state": "RUNNING", "processed": 40,\
             "total": 100, "percent": 40, "eventsPerSecond": 10, "remainingSeconds": 6,\
             "startedAt": "2026-01-31T12:00:00Z"}

            """;

    private static JsonNode mail() {
        String mails = endpoints.notificationProjector() + "/api/notifications?limit=1&kind=WELCOME&status=SENT";
        await().atMost(Duration.ofMinutes(1)).until(() -> !items(mails).isEmpty());
        return items(mails).get(0);
    }

    private static String address(JsonNode mail) {
        return "#/mails/" + mail.path("notificationId").asString();
    }

    private static long deadLetter() throws Exception {
        if (deadLetters().isEmpty()) {
            publish("use-1", "{ this is no event", Map.of());
            await().atMost(Duration.ofMinutes(2)).until(() -> !deadLetters().isEmpty());
        }
        return deadLetters().get(0).path("id").longValue();
    }

    /** @return all pages and windows that have an address, and their headings */
    private static Map<String, String> places() throws Exception {
        Map<String, String> places = new LinkedHashMap<>(PAGES);
        String position = client.register(UUID.randomUUID() + "@example.com", "Some Place", "en")
                .orElseThrow()
                .position();
        places.put("#/events/" + position, "UserRegisteredEvent");
        JsonNode mail = mail();
        places.put(address(mail), mail.path("subject").asString());
        places.put(address(mail) + "/text", mail.path("subject").asString());
        places.put(address(mail) + "/headers", mail.path("subject").asString());
        places.put("#/shop/products/" + tea, "Green tea, 250 g");
        places.put("#/nowhere", "There is no such page.");
        places.put("#/runbooks", "Runbooks");
        places.put("#/failures/queues/" + deadLetter(), "Failures");
        return places;
    }

    @Test
    void everyPageIsAccessible() throws Exception {
        Browser browser = signedIn("operator");
        Map<String, String> places = places();
        List<String> violations = new ArrayList<>();
        for (Map<String, String> choices : CHOICES) {
            browser.prefer(choices);
            browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("nav.menu")));
            for (String page : places.keySet()) {
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
    void everyWindowIsAccessible() throws Exception {
        Browser browser = signedIn("operator");
        Map<String, String> opens = new LinkedHashMap<>(); // a button of a page, by the page
        opens.put("#/events", "main tbody button.link");
        opens.put("#/events/user-" + lan, "main .head .button"); // asks before it shows personal data
        opens.put("#/projections", "main tbody .act .button");
        opens.put("#/failures/queues/" + deadLetter(), "dialog[open] .button.danger");
        opens.put("#/republication", "main .head .button.primary");
        opens.put("#/shop/products", "main .filters .button:not(.primary)");
        opens.put("#/shop/orders/1", "main .head .button.danger");
        List<String> violations = new ArrayList<>();
        for (Map<String, String> choices : CHOICES) {
            browser.prefer(choices);
            browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("nav.menu")));
            for (Map.Entry<String, String> each : opens.entrySet()) {
                browser.show(each.getKey());
                browser.click(each.getValue());
                browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("dialog[open]")));
                browser.violations()
                        .forEach(violation -> violations.add(each.getKey() + " " + choices + " " + violation));
                browser.reload();
                browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("nav.menu")));
            }
        }
        assertThat(violations).isEmpty();
        assertClean(browser);
    }

    /** What is not there by itself. */
    @Test
    void whatHasFailedAndWhatRunsIsAccessible() throws Exception {
        String apart = """
                {"id": 7, "projection": "order-summary", "aggregateId": "order-1", "sequenceNumber": 2, "type":\
                 "OrderStatusChangedEvent", "attempts": 2, "parkedAt": "2026-01-31T12:00:00Z", "errorClass": "a.B",\
                 "error": "not today", "stackTrace": "a.B: not today", "event": {"position": "1-7-9",\
                 "payload": {"orderId": 1}, "metadata": {}}}""";
        String history = """
                {"items": [{"id": 2, "queue": "order.created", "state": "RUNNING", "processed": 4, "total": 9,\
                 "percent": 44, "error": null}, {"id": 1, "queue": "gone", "state": "FAILED", "processed": 0,\
                 "total": 9, "percent": 0, "error": "There is no such queue."}], "nextCursor": null}""";
        String difference = """
                {"position": "1-7-9", "types": [], "projections": [{"projection": "order-summary", "stored": 9, "projected": 8,\
                 "lagEvents": 0}], "firstDifference": {"projection": "order-summary", "aggregateId": "order-1",\
                 "stored": 2, "projected": 1, "type": "OrderCreatedEvent", "position": "1-7-8",\
                 "time": "2026-01-31T12:00:00Z"}}""";
        String others = IntStream.range(0, 20)
                .mapToObj(id -> """
                        {"id": %d, "projection": "order-summary", "mode": "IN_PLACE", "state": "COMPLETED",\
                         "processed": 1, "percent": 100, "startedAt": "2026-01-31T12:00:00Z"}""".formatted(id))
                .collect(joining(",", "{\"nextCursor\": \"more\", \"items\": [", "]}"));
        String replay = RUNNING.replace("RUNNING", "FAILED").replace("\"percent\"", "\"error\": \"No.\", \"percent\"");
        Browser browser = signedIn("operator");
        browser.answer("GET /api/admin/dead-letters/7", 200, apart);
        browser.answer("GET /api/admin/republications", 200, history);
        browser.answer("GET /api/admin/replays?", 200, others);
        browser.answer("GET /api/admin/replays/7/stream", 200, replay);
        browser.answer("GET /api/admin/reconciliation", 200, difference); // of both services
        Map<String, String> places = new LinkedHashMap<>(); // a word on each, by its address
        places.put("#/failures/projections/7", "not today");
        places.put("#/republication", "There is no such queue.");
        places.put("#/projections/replays/7", "Readers see the view as it was.");
        places.put("#/projections/user-profile", "None of the newest replays is of this projection.");
        places.put("#/reconciliation", "If it stays, build the view again.");
        List<String> violations = new ArrayList<>();
        for (Map.Entry<String, String> place : places.entrySet()) {
            browser.show(place.getKey());
            browser.sees("main", place.getValue());
            browser.violations().forEach(violation -> violations.add(place.getKey() + " " + violation));
        }
        assertThat(violations).isEmpty();
        assertClean(browser);
    }

    @Test
    void aPageThatARoleMayNotSeeIsAccessible() throws Exception {
        Browser browser = signedIn("customer");
        browser.show("#/failures");
        browser.seesPage("Your role does not allow this page.");
        assertThat(browser.violations()).isEmpty();
        assertClean(browser);
    }

    @Test
    void signingInIsAccessible() throws Exception {
        Browser browser = browser();
        browser.go(console());
        browser.until(ExpectedConditions.elementToBeClickable(By.id("sign-in")));
        assertThat(browser.violations()).isEmpty();
        browser.prefer(Map.of("theme", "dark", "language", "vi"));
        browser.until(ExpectedConditions.elementToBeClickable(By.id("sign-in")));
        assertThat(browser.violations()).isEmpty();
        browser.phone(NARROW);
        assertThat(browser.overhang()).isZero();
        assertClean(browser);
    }

    @Test
    void aReplayThatRunsIsAccessible() throws Exception {
        Browser browser = signedIn("operator");
        browser.answer("GET /api/admin/replays/7/stream", 200, RUNNING);
        browser.show("#/projections/replays/7");
        browser.sees("#replay-percent", "40 %");
        browser.sees("main .state", "running");
        assertThat(browser.violations()).isEmpty();
        assertClean(browser);
    }

    @Test
    void everyPageFitsOnAPhone() throws Exception {
        Browser browser = signedIn("operator");
        browser.phone(NARROW);
        for (Map.Entry<String, String> page : places().entrySet()) {
            browser.show(page.getKey());
            browser.seesPage(page.getValue());
            assertThat(browser.overhang()).as(page.getKey()).isZero();
        }
        browser.show("#/overview");
        browser.seesPage("Overview");
        By mails = By.cssSelector("nav.menu a[href='#/mails']");
        browser.click("header .toggle");
        browser.until(ExpectedConditions.elementToBeClickable(mails));
        assertThat(browser.has(".content[inert]")).isTrue(); // what is behind it
        browser.strike(Keys.ESCAPE);
        browser.until(ExpectedConditions.invisibilityOfElementLocated(mails));
        assertThat(browser.has(".content[inert]")).isFalse();
        browser.click("header .toggle");
        browser.until(ExpectedConditions.elementToBeClickable(mails));
        browser.show("#/audit"); // by the way back, for example
        browser.seesPage("Audit");
        assertThat(browser.has(".content[inert]")).isFalse();
        browser.click("header .toggle");
        browser.until(ExpectedConditions.elementToBeClickable(mails)).click();
        browser.seesPage("Mails");
        assertClean(browser);
    }

    @Test
    void whatHasTheFocusIsNotBehindTheHeader() throws Exception {
        Browser browser = signedIn("operator");
        browser.phone(NARROW);
        for (String page : List.of("#/overview", "#/projections", "#/shop/products", "#/failures")) {
            browser.show(page);
            browser.seesPage(PAGES.get(page));
            assertThat(browser.hiddenWhenFocused()).as(page).isEmpty();
        }
        assertClean(browser);
    }

    @Test
    void aPageBeginsAtItsHeadingWhileItLoads() throws Exception {
        Browser browser = signedIn("operator");
        JsonNode mail = mail();
        String subject = mail.path("subject").asString();
        Map<String, String> held = new LinkedHashMap<>(); // headings before anything has come, by the page
        held.put("#/shop/orders/1", "Order 1");
        held.put(address(mail), "Email");
        held.put("#/runbooks/queue-long", "Runbooks");
        held.put("#/projections/replays/7", "Replay 7");
        held.put("#/events/order-1", "order-1");
        for (String call : List.of("/api/orders/1", "/api/notifications", "runbooks/", "/api/admin/")) {
            browser.holdAnswersTo("GET " + call);
        }
        held.forEach((page, heading) -> {
            browser.show(page);
            browser.sees("main .loading", "Loading");
            browser.sees("main h1", heading);
            assertThat(browser.focused()).isEqualTo(heading);
        });
        browser.answerTruly();
        browser.show("#/mails");
        browser.seesPage("Mails");
        browser.show(address(mail));
        browser.seesPage(subject);
        assertThat(browser.focused()).isEqualTo(subject);
        browser.show("#/nowhere");
        browser.seesPage("There is no such page.");
        assertThat(browser.focused()).isEqualTo("There is no such page.");
        assertClean(browser);
    }

    @Test
    void whatAListIsFilteredByIsInItsAddress() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/shop/orders");
        browser.sees("main tbody", "Order 1");
        browser.choose("Status", "CANCELLED");
        browser.until(ExpectedConditions.urlContains("#/shop/orders?status=CANCELLED"));
        browser.sees("main", "No orders.");
        browser.back();
        browser.sees("main tbody", "Order 1");
        assertThat(browser.value("main select")).isEmpty();

        browser.show("#/mails?orderId=1");
        browser.sees("main tbody", "Order confirmation");
        browser.show("#/mails?orderId=999999"); // a link to the same page
        browser.sees("main", "No emails.");
        assertThat(browser.value("main input")).isEqualTo("999999");
        browser.fill("Order number", "1");
        browser.until(ExpectedConditions.urlMatches("orderId=1$"));
        browser.sees("main tbody", "Order confirmation");
        assertThat(browser.focused()).as("the field that is typed into").isEqualTo("1");

        browser.show("#/failures/queues?queue=nothing.such");
        browser.sees("main", "No dead letters.");
        assertThat(browser.value("main .filters input")).isEqualTo("nothing.such");
        browser.fill("Queue", "order.shipped");
        browser.until(ExpectedConditions.urlMatches("queue=order.shipped$"));

        browser.show("#/events?type=ProductCreatedEvent");
        browser.sees("main tbody", "product-" + tea);
        browser.fill("Aggregate", "order-1");
        browser.fill("Type", "OrderCreatedEvent");
        browser.press("Search");
        browser.until(ExpectedConditions.urlContains("?type=OrderCreatedEvent&aggregateId=order-1"));
        browser.sees("main tbody", "order-1");
        browser.reload();
        browser.sees("main tbody", "order-1");
        assertThat(browser.value("main .filters input")).isEqualTo("OrderCreatedEvent");
        browser.back();
        browser.sees("main tbody", "product-" + tea);
        assertClean(browser);
    }

    @Test
    void pagesStopRenewingThemselvesWhenTheyAreToldTo() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        client.awaitConfirmed(order, Duration.ofMinutes(1));
        Browser browser = signedIn("operator");
        browser.listen();
        browser.show("#/shop/orders/" + order.id());
        browser.sees("#order-status", "confirmed");
        browser.press("Pause updates");
        browser.sees("main .live.off", "paused");
        client.ship(order.id());
        for (String page : List.of("#/overview", "#/projections", "#/shop/orders", "#/sales")) {
            browser.show(page);
            browser.seesPage(PAGES.get(page));
            browser.sees("#pause", "Resume updates");
        }
        assertStays(() -> browser.asked("GET /api/").size());
        browser.show("#/shop/orders/" + order.id());
        browser.sees("#order-status", "shipped"); // as it was when the page was opened
        client.complete(order.id());
        assertStays(() -> browser.text("#order-status"));
        browser.press("Resume updates");
        browser.sees("#order-status", "completed");
        browser.until(ExpectedConditions.invisibilityOfElementLocated(By.id("pause"))); // there is nothing more to come
        browser.show("#/sales");
        browser.sees("#pause", "Pause updates");
        int asked = browser.asked("GET /api/statistics/sales").size();
        await().until(() -> browser.asked("GET /api/statistics/sales").size() > asked + 1);
        assertClean(browser);
    }

    private static void assertStays(Supplier<Object> what) {
        Object before = what.get();
        await().during(QUIET)
                .atMost(QUIET.multipliedBy(2))
                .until(() -> what.get().equals(before));
    }

    @Test
    void followingTheStoreKeepsWhatTheReaderHasAskedFor() throws Exception {
        int cup = client.createProduct("Cup", new BigDecimal("3.00"), 1).id();
        int stock = 1;
        while (stock <= 120) {
            client.setStock(cup, ++stock);
        }
        Browser browser = signedIn("operator");
        browser.show("#/events?type=ProductStockUpdatedEvent&aggregateId=product-" + cup);
        browser.sees(".head .live:not(.off)", "live");
        browser.press("Show more");
        await().until(() -> browser.count("main tbody tr") == 100);
        String oldest = browser.text("main tbody tr:last-child");

        browser.press("Stop following");
        browser.until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector(".head .live")));
        client.setStock(cup, ++stock);
        assertThat(browser.count("main tbody tr")).isEqualTo(100);
        browser.press("Follow");
        await().until(() -> browser.count("main tbody tr") == 101); // what came meanwhile, too

        for (int more = 0; more < ROWS_THAT_STAY; more++) {
            client.setStock(cup, ++stock);
        }
        browser.sees("main", "Following has ended at");
        assertThat(browser.text("main tbody tr:last-child")).isEqualTo(oldest);
        browser.press("Follow");
        browser.sees("main tbody tr:first-child", "newStock: " + stock);
        assertThat(browser.count("main tbody tr")).isEqualTo(50);
        browser.sees(".head .live:not(.off)", "live");
        assertClean(browser);
    }
}
