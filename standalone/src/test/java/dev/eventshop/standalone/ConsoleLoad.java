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
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;

/**
 * Measures the console in front of a large shop: how long each page takes to its first content, and the memory of a tab
 * that follows the events. No test: it runs when asked for by name, as {@code benchmarks/README.md} says.
 */
class ConsoleLoad {

    private static final int EVENTS = Integer.getInteger("eventshop.measure.events", 1_000_000);
    private static final int LETTERS = Integer.getInteger("eventshop.measure.letters", 10_000);
    private static final int MAILS = Integer.getInteger("eventshop.measure.mails", 100_000);
    private static final int MINUTES = Integer.getInteger("eventshop.measure.minutes", 10);

    private static final int VISITS = 7;
    private static final int EVENTS_OF_A_PRODUCT = 100;
    private static final int PER_TRANSACTION = 50_000;
    private static final int FIRST_PRODUCT = 1_000_000;
    private static final int CHANGES_PER_SECOND = 20;
    private static final Duration LONG = Duration.ofMinutes(30);

    private static final String CREATED = """
            insert into event_store.domain_event (event_id, aggregate_type, aggregate_id, sequence_number, event_type,
                                                  event_revision, time, payload, metadata)
            select gen_random_uuid(), 'Product', 'product-' || %1$d + n / %2$d, n %% %2$d,
                   case when n %% %2$d = 0 then 'ProductCreatedEvent' else 'ProductPriceChangedEvent' end,
                   case when n %% %2$d = 0 then '2.0' else '1.0' end, now(),
                   case when n %% %2$d = 0
                        then json_build_object('productId', %1$d + n / %2$d, 'name', 'Tea no. ' || n, 'price', 1.00,
                                               'initialStock', 5, 'createdAt', '2026-01-01T00:00:00Z')
                        else json_build_object('productId', %1$d + n / %2$d, 'oldPrice', n %% %2$d,
                                               'newPrice', n %% %2$d + 1, 'changedAt', '2026-01-01T00:00:00Z') end,
                   '{}'
            from generate_series(%3$d, %4$d) as n order by n""";

    private static final String MAILED = """
            with mail as (
                insert into notification.notification (notification_key, kind, user_id, order_id, order_status, facts, locale,
                    recipient, full_name, status, attempts, created_at, give_up_at, sent_at, handed_over_at)
                select 'measured-' || n, kind, user_id, order_id, order_status, facts, locale, recipient, full_name, status,
                    attempts, created_at, give_up_at, sent_at, handed_over_at
                from notification.notification, generate_series(1, %d) as n
                where notification_id = (select min(notification_id) from notification.notification)
                returning notification_id)
            insert into notification.notification_content (notification_id, subject, html, text)
            select mail.notification_id, subject, html, text from mail, notification.notification_content c
            where c.notification_id = (select min(notification_id) from notification.notification)""";

    private static final String PARKED = """
            insert into notification.dead_letter (queue, letter_key, message_id, routing_key, type, error_class, error_pattern,
                sealed_for, of_anybody, error, body, message, attempts, first_failed_at, last_failed_at)
            select queue, sha256(letter_key || n::text::bytea), 'measured-' || n, routing_key, type,
                error_class || n %% 20, error_pattern || n %% 7, sealed_for, of_anybody, error, body, message, attempts,
                first_failed_at - n * interval '1 minute', last_failed_at - n * interval '1 minute'
            from notification.dead_letter, generate_series(1, %d) as n""";

    @TempDir
    private static Path folder;

    @Test
    void measure() throws Exception {
        Path data = folder.resolve("data");
        List<String> arguments = new ArrayList<>(StandaloneProcess.knownHttpPorts());
        arguments.addAll(StandaloneProcess.FREE_SERVER_PORTS);
        try (StandaloneProcess shop = StandaloneProcess.startToBeMeasured(data, arguments.toArray(String[]::new))
                        .awaitReady();
                Browser browser = Browser.open("--enable-precise-memory-info")) {
            Endpoints endpoints = shop.endpoints();
            ShopClient client = new ShopClient(endpoints, Duration.ofMinutes(1));
            int tea = client.createProduct("Green tea", new BigDecimal("12.50"), 1_000_000)
                    .id();
            int user = client.register("lan@example.com", "Lan", "en")
                    .orElseThrow()
                    .id();
            client.placeOrder(user, List.of(new Item(tea, 1)));
            fill(data, endpoints);
            for (int visit = 1; visit <= VISITS; visit++) {
                browser.go(endpoints.querySide() + "/console/?" + visit);
                System.out.printf(
                        Locale.ROOT, "{\"load\": %d, \"millis\": %.0f}%n", visit, browser.millisToFirstPaint());
            }
            ConsoleShop.signIn(browser, data, "operator");
            pages().forEach((page, heading) -> visit(browser, page, heading));
            follow(browser, client, tea);
        }
    }

    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("#/overview", "Overview");
        pages.put("#/events", "Events");
        pages.put("#/projections", "Projections");
        pages.put("#/events?type=OrderCreatedEvent", "Events");
        pages.put("#/events/product-" + (FIRST_PRODUCT + 7), "product-" + (FIRST_PRODUCT + 7));
        pages.put("#/failures", "Failures");
        pages.put("#/mails", "Mails");
        pages.put("#/failures/queues", "Failures");
        pages.put("#/republication", "Republication");
        pages.put("#/reconciliation", "Reconciliation");
        pages.put("#/audit", "Audit");
        pages.put("#/shop/products", "Shop");
        pages.put("#/sales", "Sales");
        pages.put("#/shop/orders", "Shop");
        return pages;
    }

    private static void fill(Path data, Endpoints endpoints) throws Exception {
        Http http = Http.asOperator(endpoints, Duration.ofMinutes(1));
        publishABrokenOrder(endpoints);
        await().atMost(LONG)
                .until(() -> http.get(endpoints.notificationProjector() + "/api/admin/dead-letters")
                        .json()
                        .at("/items/0/id")
                        .isNumber());
        await().atMost(LONG)
                .until(() -> http.get(endpoints.notificationProjector() + "/api/notifications?status=SENT&limit=3")
                                .json()
                                .path("items")
                                .size()
                        == 3);
        long begin = System.nanoTime();
        try (java.sql.Connection database = ConsoleShop.database(data, endpoints);
                Statement statement = database.createStatement()) {
            for (int from = 0; from < EVENTS; from += PER_TRANSACTION) {
                statement.execute(CREATED.formatted(
                        FIRST_PRODUCT, EVENTS_OF_A_PRODUCT, from, Math.min(EVENTS, from + PER_TRANSACTION) - 1));
            }
            statement.execute(MAILED.formatted(MAILS));
            statement.execute(PARKED.formatted(LETTERS));
            statement.execute("analyze");
        }
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> http.get(endpoints.querySide() + "/api/admin/processors")
                        .json()
                        .path("items")
                        .valueStream()
                        .allMatch(processor -> processor.path("lagEvents").asLong(1) == 0));
        System.out.printf(
                Locale.ROOT,
                "{\"events\": %d, \"mails\": %d, \"letters\": %d, \"filledAndProjectedSeconds\": %.0f}%n",
                EVENTS,
                MAILS,
                LETTERS,
                (System.nanoTime() - begin) / 1e9);
    }

    private static void publishABrokenOrder(Endpoints endpoints) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(endpoints.amqp()));
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .messageId("broken")
                .build();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.basicPublish("", "order.created", properties, "no event".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** From another page to the heading and to all of this one, as the page itself sees it. */
    private static void visit(Browser browser, String page, String heading) {
        List<Double> first = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (int visit = 0; visit < VISITS; visit++) {
            browser.show("#/runbooks/messages-failed");
            browser.seesPage("Messages are dead letters");
            List<Double> millis = browser.millisTo(page, heading);
            first.add(millis.get(0));
            all.add(millis.get(1));
        }
        Collections.sort(first);
        Collections.sort(all);
        System.out.printf(
                Locale.ROOT,
                "{\"page\": \"%s\", \"visits\": %d, \"headingMillis\": {\"median\": %.0f, \"max\": %.0f},"
                        + " \"allMillis\": {\"median\": %.0f, \"max\": %.0f}}%n",
                page,
                VISITS,
                first.get(VISITS / 2),
                first.get(VISITS - 1),
                all.get(VISITS / 2),
                all.get(VISITS - 1));
    }

    private static void follow(Browser browser, ShopClient client, int tea) throws Exception {
        browser.show("#/events");
        browser.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(".head .live:not(.off)")));
        long begin = System.nanoTime();
        int stock = 0;
        for (int minute = 0; minute <= MINUTES; minute++) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"minute\": %d, \"changes\": %d, \"heapMegabytes\": %.1f, \"rows\": %d}%n",
                    minute,
                    stock,
                    browser.heapBytes() / 1e6,
                    browser.count("main tbody tr"));
            while (minute < MINUTES && System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(minute + 1L)) {
                client.setStock(tea, ++stock);
                long due = begin + stock * TimeUnit.SECONDS.toNanos(1) / CHANGES_PER_SECOND;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            }
        }
        assertThat(browser.text("main tbody tr:first-child")).contains("product-" + tea);
    }
}
