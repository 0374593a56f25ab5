package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.Written;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import tools.jackson.databind.JsonNode;

/** The console when answers are lost, refused or late, and what it leaves behind. */
class ConsoleTroubleIT extends ConsoleShop {

    /** Of one caller. */
    private static final int MOST_STREAMS = 10;

    /** Long enough for any page to have asked again. */
    private static final Duration QUIET = Duration.ofSeconds(7);

    @Test
    void anOrderWhoseAnswerIsLostIsPlacedOnce() throws Exception {
        int user = client.register("once@example.com", "Only Once", "en")
                .orElseThrow()
                .id();
        Browser browser = signedIn("operator");
        browser.show("#/shop/products");
        browser.type("input[aria-label='Quantity of Green tea, 250 g']", "1");
        browser.click("#place-order");
        browser.fill("For user number", Integer.toString(user));
        browser.loseAnswersTo("POST /api/orders");
        browser.press("Order now");
        browser.sees("dialog[open] [role=alert]", "command-side does not answer.");
        browser.answerTruly();
        browser.send();

        browser.until(ExpectedConditions.urlMatches("#/shop/orders/\\d+$"));
        browser.sees("#order-status", "confirmed");
        List<String> keys = browser.asked("POST /api/orders");
        assertThat(keys).hasSize(2);
        assertThat(new HashSet<>(keys)).hasSize(1).doesNotContain("");
        assertThat(items(endpoints.querySide() + "/api/orders?userId=" + user)).hasSize(1);
        assertClean(browser);
    }

    @Test
    void aRetryThatFailsStaysWithItsWords() throws Exception {
        publish("trouble-1", "{ this is no event", Map.of());
        await().atMost(Duration.ofMinutes(2)).until(() -> !deadLetters().isEmpty());
        Browser browser = signedIn("operator");
        browser.show("#/failures/queues/" + deadLetters().get(0).path("id").longValue());
        browser.sees("dialog[open]", "[masked]");
        browser.answer("POST /api/admin/dead-letters/", 503, "{\"detail\": \"The broker is not there.\"}");
        browser.click("dialog[open] button[aria-label^=Retry]");
        browser.click("dialog[open] dialog[open] button[type=submit]");
        browser.sees("dialog[open] dialog[open] [role=alert]", "The broker is not there.");
        assertThat(browser.text("dialog[open]")).contains("[masked]");

        browser.answerTruly();
        browser.click("dialog[open] dialog[open] header button");
        browser.click("dialog[open] button[aria-label^=Discard]");
        browser.send();
        browser.sees("main", "No dead letters.");
        assertClean(browser);
    }

    @Test
    void aDependencyThatIsDegradedIsSeen() throws Exception {
        Browser browser = signedIn("operator");
        browser.sees("#health", "Everything flows.");
        String health = "{\"status\": \"DEGRADED\", \"components\": {\"%s\": {\"status\": \"DEGRADED\"}}}";
        browser.answer(
                "GET " + endpoints.management().commandSide() + "/actuator/health", 200, health.formatted("rabbit"));
        browser.sees("#health", "The broker is away");
        browser.answer(
                "GET " + endpoints.management().querySide() + "/actuator/health", 200, health.formatted("redis"));
        browser.sees("#health", "The cache is away");
        assertThat(browser.has("#health a[href='#/runbooks/redis-away']")).isTrue();
        browser.sees("main", "redis: degraded");
        browser.answerTruly();
        browser.sees("#health", "Everything flows.");
        assertClean(browser);
    }

    @Test
    void whatStandsWithAServiceIsSeen() throws Exception {
        Browser browser = signedIn("operator");
        browser.sees("#health", "Everything flows.");
        browser.answer(
                "GET " + endpoints.management().commandSide() + "/actuator/health",
                503,
                "{\"status\": \"DOWN\", \"components\": {\"db\": {\"status\": \"DOWN\"}}}");
        browser.mark("#health [aria-live]");
        browser.sees("#health", "command-side can’t reach PostgreSQL.");
        assertThat(browser.has("#health [aria-live][data-marked]"))
                .as("what screen readers listen to")
                .isTrue();
        browser.sees("#station-store", "stands");
        browser.sees("#station-fulfilment", "stands");
        assertThat(browser.has("#health a[href='#/runbooks/database-away']")).isTrue();
        browser.answerTruly();
        browser.loseAnswersTo("GET " + endpoints.management().notificationProjector() + "/actuator/health");
        browser.sees("#station-mails", "stands");
        browser.sees("#station-consumers", "stands");
        browser.sees("#station-store", "flows");
        assertThat(browser.has("#health a[href='#/runbooks/service-down']")).isTrue();
        browser.answerTruly();
        browser.sees("#health", "Everything flows.");
        assertClean(browser);
    }

    @Test
    void aPageThatNobodyLooksAtKeepsNoConnection() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        client.awaitConfirmed(order, Duration.ofMinutes(1));
        await().atMost(Duration.ofMinutes(1)).until(() -> openStreams() == 0);
        Browser browser = signedIn("operator");
        browser.show("#/shop/orders/" + order.id());
        browser.sees("#order-status", "confirmed");
        browser.hide();
        await().atMost(Duration.ofMinutes(1)).until(() -> openStreams() == 0);
        client.ship(order.id());
        assertThat(browser.text("#order-status")).isEqualTo("confirmed");
        browser.lookAgain();
        browser.sees("#order-status", "shipped");
        browser.sees("main .live:not(.off)", "live");
        assertClean(browser);
    }

    @Test
    void theLastHourHasNoHoleWhereNobodyLooked() throws Exception {
        awaitRecentMetrics();
        Browser browser = signedIn("operator");
        browser.show("#/overview");
        browser.sees("#health", "Everything flows.");
        await().until(() -> browser.pointsOfOverview(Duration.ZERO, Duration.ofMinutes(2)) > 2);
        browser.show("#/shop/products");
        browser.seesPage("Shop");
        browser.ageOverview(Duration.ofMinutes(5));
        assertThat(browser.pointsOfOverview(Duration.ZERO, Duration.ofMinutes(2)))
                .isZero();
        browser.show("#/overview");
        await().until(() -> browser.pointsOfOverview(Duration.ofSeconds(10), Duration.ofMinutes(4)) > 2);
        browser.show("#/shop/products");
        browser.seesPage("Shop");
        browser.listen();
        browser.show("#/overview");
        await().until(() -> browser.asked("GET /api/admin/recent-metrics").size() == 3
                && browser.asked("GET /api/admin/forwarder").size() > 2);
        assertThat(browser.repeatedPoints()).isZero();
        assertClean(browser);
    }

    @Test
    void emailsThatWaitForSomebodyAreSeen() throws Exception {
        Browser browser = signedIn("operator");
        browser.sees("#health", "Everything flows.");
        browser.answer(
                "GET " + endpoints.management().notificationProjector() + "/actuator/prometheus",
                200,
                "eventshop_notifications_open{status=\"waiting_for_recipient\"} 2.0\n");
        browser.sees("#health", "2 emails wait for somebody to be known.");
        assertThat(browser.has("#health a[href='#/runbooks/mails-without-recipient']"))
                .isTrue();
        assertClean(browser);
    }

    @Test
    void aDayIsThatOfTheReader() throws Exception {
        Browser browser = signedIn("operator");
        browser.livesIn("Asia/Ho_Chi_Minh");
        browser.listen();
        browser.show("#/audit?from=2026-01-31");
        await().until(() -> browser.asked("GET from=2026-01-30T17%3A00").size() == 3);
        assertClean(browser);
    }

    @Test
    void nothingIsCalledLiveWhenTheSessionHasEnded() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        client.awaitConfirmed(order, Duration.ofMinutes(1));
        Browser browser = signedIn("operator");
        browser.show("#/shop/orders/" + order.id());
        browser.sees("main .live:not(.off)", "live");
        browser.answer("GET /api/orders/" + order.id() + "/history", 401, "{}");
        client.ship(order.id()); // and the page asks for the history
        browser.sees("[role=alert]", "Your session has ended.");
        assertThat(browser.has("main .live")).isFalse();
        assertClean(browser);
    }

    @Test
    void rowsOfAnotherFilterAreNotShown() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/mails?status=SENT");
        browser.sees("main tbody", "sent");
        browser.holdAnswersTo("GET /api/notifications");
        browser.show("#/mails?status=FAILED");
        browser.sees("main .loading", "Loading");
        assertThat(browser.has("main tbody")).isFalse();
        browser.answerTruly();
        browser.show("#/mails?status=SUPPRESSED");
        browser.sees("main", "No emails.");
        assertClean(browser);
    }

    @Test
    void aMailThatIsSentAgainShowsHowItGoes() throws Exception {
        String mail = """
                {"notificationId": "7", "kind": "WELCOME", "status": "%s", "attempts": 3, "userId": 1, "orderId": null,
                 "recipient": "[masked]", "subject": "Welcome", "html": "<p>Hello</p>", "text": "Hello", "headers": null,
                 "createdAt": "2026-01-31T12:00:00Z", "sentAt": null, "error": null}
                """;
        Browser browser = signedIn("operator");
        browser.answer("GET /api/notifications/7", 200, mail.formatted("FAILED"));
        browser.show("#/mails/7");
        browser.sees("main .facts", "failed");
        browser.answer("POST /api/notifications/7/retry", 202, "");
        browser.press("Send again");
        browser.answer("GET /api/notifications/7", 200, mail.formatted("PENDING"));
        browser.send();
        browser.sees("main .facts", "pending");
        browser.answer("GET /api/notifications/7", 200, mail.formatted("SENT"));
        browser.sees("main .facts", "sent");
        assertThat(browser.asked("POST /api/notifications/7/retry")).hasSize(1);

        browser.answer("GET /api/notifications/7?personalData=true", 503, "{\"detail\": \"Not now.\"}");
        browser.press("Show personal data");
        browser.send();
        browser.sees("main [role=alert]", "Not now.");
        browser.answer(
                "GET /api/notifications/7?personalData=true",
                200,
                mail.formatted("SENT").replace("[masked]", "ann@example.com"));
        browser.press("Try again");
        browser.sees("main .facts", "ann@example.com");
        assertClean(browser);
    }

    @Test
    void chartsFollowTheColours() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/sales");
        browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main canvas")));
        for (String choice : List.of("#theme dark", "#language vi")) {
            browser.mark("main canvas");
            browser.choose(By.cssSelector(choice.split(" ")[0]), choice.split(" ")[1]);
            browser.until(
                    ExpectedConditions.presenceOfElementLocated(By.cssSelector("main canvas:not([data-marked])")));
        }
        assertClean(browser);
    }

    @Test
    void messagesThatComeBackAreSeen() throws Exception {
        Browser browser = signedIn("operator");
        browser.sees("#health", "Everything flows.");
        browser.answer( // the embedded broker refuses a message before it returns it, which does not count
                "GET " + endpoints.management().commandSide() + "/actuator/prometheus",
                200,
                "eventshop_messaging_returned_total{routing_key=\"order.created\"} 2.0\n");
        browser.sees("#health", "The broker has sent 2 messages back: no queue takes them.");
        assertThat(browser.text("#health a[href='#/runbooks/messages-returned']"))
                .isEqualTo("What to do");
        assertClean(browser);
    }

    @Test
    void aStreamEndsWithItsPage() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        await().atMost(Duration.ofMinutes(1)).until(() -> openStreams() == 0);
        Browser browser = signedIn("operator");
        browser.show("#/shop/orders/" + order.id());
        browser.sees("main .live:not(.off)", "live");
        browser.show("#/events");
        browser.sees(".head .live:not(.off)", "live");
        assertThat(openStreams()).isPositive();
        browser.show("#/mails");
        browser.seesPage("Mails");
        await().atMost(Duration.ofMinutes(1)).until(() -> openStreams() == 0);
        assertClean(browser);
    }

    @Test
    void aPageThatFindsTooManyStreamsWaitsForItsTurn() throws Exception {
        Written order = client.placeOrder(lan, List.of(new Item(tea, 1)));
        client.awaitConfirmed(order, Duration.ofMinutes(1));
        await().atMost(Duration.ofMinutes(1)).until(() -> openStreams() == 0);
        Browser browser = signedIn("operator");
        browser.openAndLeave("querySide", "/api/orders/" + order.id() + "/stream", MOST_STREAMS);
        browser.show("#/shop/orders/" + order.id());
        browser.sees("main .loading", "Too many pages follow something");
        assertThat(browser.has("main [role=alert]")).isFalse();
        browser.sees("#order-status", "confirmed"); // the service has noticed that the others are gone
        assertThat(browser.has("main [role=alert]")).isFalse();
        assertClean(browser, "status of 429");
    }

    private static int openStreams() throws Exception {
        URI metrics = URI.create(endpoints.management().querySide() + "/actuator/prometheus");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("eventshop_streams"))
                .mapToInt(line -> (int) Double.parseDouble(line.replaceAll(".* ", "")))
                .sum();
    }

    @Test
    void whatIsNotThereIsNotAskedForAgain() throws Exception {
        Browser browser = signedIn("operator");
        browser.listen();
        browser.show("#/shop/orders/999999");
        browser.sees("main [role=alert]", "There is no such order.");
        await().during(QUIET)
                .atMost(QUIET.multipliedBy(2))
                .until(() -> browser.asked("GET /api/orders/999999/stream").size() == 1);
        browser.show("#/projections/replays/999999");
        browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main [role=alert]")));
        assertClean(browser, "status of 404");
    }

    @Test
    void aProblemIsSaidInTheLanguageOfTheReader() throws Exception {
        Browser browser = signedIn("operator");
        browser.prefer(Map.of("language", "vi"));
        browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("nav.menu")));
        browser.show("#/shop/orders/999999");
        browser.sees("main [role=alert]", "Không có đơn hàng này.");
        browser.sees("main [role=alert] [lang=en]", "There is no such order.");
        browser.choose(By.id("language"), "en");
        browser.show("#/shop/orders/999998");
        browser.sees("main h1", "Order 999998");
        browser.sees("main [role=alert]", "There is no such order.");
        assertThat(browser.has("main [role=alert] [lang=en]")).isFalse();
        assertClean(browser, "status of 404");
    }

    @Test
    void nothingIsAskedForWhenTheSessionHasEnded() throws Exception {
        Browser browser = signedIn("operator");
        browser.show("#/projections");
        browser.seesPage("Projections");
        browser.answer("GET /api/admin/processors", 401, "{}");
        browser.sees("[role=alert]", "Your session has ended.");
        int asked = browser.asked("GET /api/").size();
        await().during(QUIET)
                .atMost(QUIET.multipliedBy(2))
                .until(() -> browser.asked("GET /api/").size() == asked);
        browser.press("Sign in again");
        browser.seesPage("Projections");
        browser.sees("main tbody", "order-summary");
        assertClean(browser);
    }

    @Test
    void anIssuerThatGivesThePageNoTokenIsNamed() throws Exception {
        Browser browser = browser();
        browser.go(console());
        browser.block("*/oauth2/token");
        signIn(browser, data, "operator", By.cssSelector("main [role=alert]"));
        assertThat(browser.text("main [role=alert]"))
                .contains(endpoints.issuer() + " gives this page no token.", endpoints.querySide());
        browser.block();
        browser.click("#sign-in");
        browser.seesPage("Overview");
        assertClean(browser, "ERR_BLOCKED_BY_CLIENT");
    }

    @Test
    void aChartThatCouldNotBeLoadedIsTriedAgain() throws Exception {
        Browser browser = browser();
        browser.go(console() + "#/shop/products");
        signIn(browser, data, "operator");
        browser.seesPage("Shop");
        browser.block("*/lib/uplot.js");
        browser.show("#/sales");
        browser.sees("main", "The chart could not be loaded.");
        assertThat(browser.has("main canvas")).isFalse();
        browser.block();
        browser.press("Try again");
        browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main canvas")));
        assertThat(browser.text("main")).doesNotContain("The chart could not be loaded.");
        assertClean(browser, "ERR_BLOCKED_BY_CLIENT");
    }

    @Test
    void theFrameShowsTheMailThatIsOpen() throws Exception {
        String mails =
                endpoints.notificationProjector() + "/api/notifications?status=SENT&kind=ORDER_CONFIRMATION&orderId=";
        int user = client.register("ada@example.com", "Ada Lovelace", "en")
                .orElseThrow()
                .id();
        int first = client.placeOrder(user, List.of(new Item(tea, 1))).id();
        int second = client.placeOrder(user, List.of(new Item(tea, 1))).id();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !items(mails + first).isEmpty()
                        && !items(mails + second).isEmpty());
        Browser browser = signedIn("operator");
        browser.show(address(items(mails + first).get(0)));
        await().until(() -> browser.inFrame("iframe.mail").contains("your order " + first + "."));
        browser.show(address(items(mails + second).get(0)));
        await().until(() -> browser.inFrame("iframe.mail").contains("your order " + second + "."));
        browser.back();
        await().until(() -> browser.inFrame("iframe.mail").contains("your order " + first + "."));
        assertClean(browser);
    }

    private static String address(JsonNode mail) {
        return "#/mails/" + mail.path("notificationId").asString();
    }
}
