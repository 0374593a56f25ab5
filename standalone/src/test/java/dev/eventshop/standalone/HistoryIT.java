package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestMailbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a running shop does with its history, and what it does not. */
class HistoryIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final String TAP = "test.tap";

    @TempDir
    private static Path folder;

    private static TestBroker broker;
    private static TestDatabase database;
    private static JdbcTemplate sql;
    private static TestMailbox mailbox;
    private static Connection connection;
    private static Channel channel;
    private static StandaloneProcess shop;
    private static Endpoints endpoints;
    private static ShopClient client;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.embedded();
        broker.purge();
        database = TestDatabase.create();
        sql = new JdbcTemplate(database.admin());
        mailbox = TestMailbox.start();
        shop = StandaloneProcess.start(
                        List.of(),
                        Map.of(
                                "SPRING_DATASOURCE_URL",
                                database.url(),
                                "SPRING_DATASOURCE_USERNAME",
                                database.adminUser(),
                                "SPRING_DATASOURCE_PASSWORD",
                                database.adminPassword(),
                                "SPRING_RABBITMQ_ADDRESSES",
                                broker.uri()),
                        folder,
                        "--spring.mail.host=127.0.0.1",
                        "--spring.mail.port=" + mailbox.smtpPort())
                .awaitReady();
        endpoints = shop.endpoints();
        client = new ShopClient(endpoints, LONG);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.queueDeclare(TAP, true, false, false, Map.of());
        channel.queueBind(TAP, "microservice.events", "#");
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
        connection.close();
        mailbox.close();
        database.close();
        broker.purge(TAP);
    }

    /** @return number of a confirmed order of that person's */
    private static int order(int user) {
        int product =
                client.createProduct("Lotus tea", new BigDecimal("12.50"), 10).id();
        int order = client.placeOrder(user, List.of(new Item(product, 1))).id();
        await().atMost(LONG)
                .until(() -> client.read("/api/orders/" + order).path("status").asString(""), "CONFIRMED"::equals);
        return order;
    }

    private static int user(String email) {
        return client.register(email, "Somebody", "en").orElseThrow().id();
    }

    private static List<String> subjectsTo(String email) {
        return mailbox.received().stream()
                .filter(mail -> recipient(mail).equals(email))
                .map(HistoryIT::subject)
                .toList();
    }

    private static String recipient(jakarta.mail.internet.MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String subject(jakarta.mail.internet.MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(int exitCode, String command, String... options) {
        try (StandaloneProcess process = StandaloneProcess.run(command, folder, options)) {
            assertThat(process.exitCode()).as(process.out() + process.err()).isEqualTo(exitCode);
            return process.out() + process.err();
        }
    }

    @Test
    void isOneTraceFromTheRequestToTheEmail() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        int user = user("traced@example.com");
        int product =
                client.createProduct("Lotus tea", new BigDecimal("12.50"), 10).id();
        await().atMost(LONG).until(() -> subjectsTo("traced@example.com").size() == 1);
        channel.queuePurge(TAP);
        HttpResponse<String> placed = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(endpoints.commandSide() + "/api/orders"))
                                .header(
                                        "Authorization",
                                        "Bearer " + run(0, "token", "operator").strip())
                                .header("Content-Type", "application/json")
                                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                                .POST(BodyPublishers.ofString("""
                                        {"userId": %d, "items": [{"productId": %d, "quantity": 1}]}""".formatted(user, product)))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(placed.statusCode()).isEqualTo(201);
        await().atMost(LONG).until(() -> subjectsTo("traced@example.com").size() == 3);

        assertThat(sql.queryForList(
                        "select event_type from event_store.domain_event where metadata::text like ? order by 1",
                        String.class,
                        "%" + trace + "%"))
                .containsExactly(
                        "OrderCreatedEvent",
                        "OrderStatusChangedEvent",
                        "ProductStockUpdatedEvent",
                        "StockReservedEvent");
        List<String> messages = new ArrayList<>();
        for (GetResponse message = channel.basicGet(TAP, true);
                message != null;
                message = channel.basicGet(TAP, true)) {
            assertThat(message.getProps().getHeaders().get("traceparent").toString())
                    .contains("-" + trace + "-");
            messages.add(message.getEnvelope().getRoutingKey());
        }
        assertThat(messages).contains("order.created", "order.status-changed");
        List<Integer> emails = sql.queryForList(
                "select notification_id from notification.notification where trace_id = ? order by 1",
                Integer.class,
                trace);
        assertThat(emails).hasSize(2);
        String log = Files.readString(folder.resolve("logs/eventshop.log"));
        for (int email : emails) {
            assertThat(log).containsPattern("\\] " + trace + " .*: Notification " + email + " was accepted");
            assertThat(mailbox.received())
                    .anySatisfy(mail -> assertThat(mail.getMessageID()).startsWith("<notification-" + email + "."));
        }
    }

    @Test
    void refillsAnEmptyDirectoryOfRecipients() throws Exception {
        int user = user("refill@example.com");
        int order = order(user);
        await().atMost(LONG).until(() -> subjectsTo("refill@example.com").size() == 3);
        int mails = mailbox.received().size();
        sql.execute("truncate notification.recipient, notification.order_customer");

        assertThat(run(0, "republish", "user.registered", "--dry-run"))
                .contains(" events would be sent to user.registered.");
        assertThat(run(0, "republish", "user.registered")).contains("100/100", "Complete: ");
        assertThat(run(0, "republish", "order.created", "--type", "OrderCreatedEvent", "--rate", "50"))
                .contains("Complete: ");
        assertThat(run(0, "republish", "--list").lines().skip(1))
                .first()
                .asString()
                .contains("order.created", "COMPLETED");
        assertThat(run(1, "republish", "nobodys")).contains("QUEUE_NOT_FOUND");
        await().atMost(LONG)
                .until(() -> sql.queryForObject(
                                "select count(*) from notification.order_customer join notification.recipient"
                                        + " using (user_id) where order_id = ? and email is not null",
                                Integer.class,
                                order)
                        == 1);
        await().during(SHORT).atMost(LONG).until(() -> mailbox.received().size() == mails);

        assertThat(channel.messageCount("user.registered.dlq")).isZero();
        assertThat(channel.messageCount("order.created.dlq")).isZero();

        client.ship(order);
        int next = order(user);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(subjectsTo("refill@example.com"))
                        .hasSize(6)
                        .contains(
                                "Your order " + order + " is SHIPPED",
                                "We have received your order " + next + " (PENDING)",
                                "Your order " + next + " is CONFIRMED"));
    }

    @Test
    void changesNothingButReadModelsInAReplay() throws Exception {
        int user = user("replay@example.com");
        int order = order(user);
        await().atMost(LONG).until(() -> subjectsTo("replay@example.com").size() == 3);
        awaitAllForwarded();
        channel.queuePurge(TAP);
        String shown = client.read("/api/orders/" + order).toString();
        Effects before = Effects.sofar();
        assertThat(before.events()).isGreaterThan(5);
        assertThat(before.commands()).isGreaterThan(3);
        assertThat(before.published()).isGreaterThan(3);

        for (String projection : List.of("order-summary", "product-catalog", "user-profile", "sales-statistics")) {
            assertThat(run(0, "replay", projection)).contains("Complete: ").doesNotContain("Complete: 0");
            assertThat(run(0, "replay", projection, "--in-place"))
                    .contains("Complete: ")
                    .doesNotContain("Complete: 0");
        }
        assertThat(run(0, "replay", "order-summary", "--in-place", "--from", "2026-01-31"))
                .contains("Complete: ")
                .doesNotContain("Complete: 0");
        assertThat(run(0, "replay", "order-summary", "--in-place", "--from", "9999-01-31"))
                .contains("Complete: 0 events");

        await().during(SHORT)
                .atMost(LONG)
                .untilAsserted(() -> assertThat(Effects.sofar()).isEqualTo(before));
        assertThat(channel.messageCount(TAP)).isZero();
        assertThat(client.read("/api/orders/" + order)).hasToString(shown);
    }

    /**
     * All that somebody else would notice.
     *
     * @param events    in the store
     * @param commands  that the command side has carried out
     * @param published messages that the broker has got from this shop
     * @param emails    in the ledger
     * @param sent      emails that the mail server has got
     */
    private record Effects(long events, double commands, double published, long emails, int sent) {

        static Effects sofar() {
            return new Effects(
                    count("event_store.domain_event"),
                    metric("eventshop_commands_seconds_count"),
                    metric("eventshop_messaging_published_total"),
                    count("notification.notification"),
                    mailbox.received().size());
        }

        private static long count(String table) {
            Long count = sql.queryForObject("select count(*) from " + table, Long.class);
            return count == null ? 0 : count;
        }

        private static double metric(String name) {
            try (InputStream in = URI.create(endpoints.management().commandSide() + "/actuator/prometheus")
                    .toURL()
                    .openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith(name + "{"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void awaitAllForwarded() {
        Http http = Http.asOperator(endpoints, LONG);
        await().atMost(LONG)
                .until(() -> http.get(endpoints.commandSide() + "/api/admin/forwarder")
                                .json()
                                .path("lagEvents")
                                .asInt()
                        == 0);
    }

    @Test
    void isReconciledWithTheBrokerAndTheViews() {
        int product =
                client.createProduct("Reconciled", new BigDecimal("1.00"), 1).id();
        client.setStock(product, 2);
        await().atMost(LONG)
                .until(() ->
                        client.read("/api/products/" + product).path("stock").asInt() == 2);
        awaitAllForwarded();
        assertThat(run(0, "reconcile"))
                .containsPattern("broker ProductStockUpdatedEvent +[1-9]\\d* +[1-9]\\d* +0")
                .containsPattern("view product-catalog +[1-9]\\d* +[1-9]\\d* +0")
                .contains("All agree.");

        sql.update("delete from query_side.product_catalog where product_id = ?", product);

        assertThat(run(1, "reconcile"))
                .containsPattern("view product-catalog +\\d+ +\\d+ +[1-9]")
                .contains("Not in the view, first of all: ", "product-" + product)
                .doesNotContain("All agree.");
        run(0, "replay", "product-catalog");
        assertThat(run(0, "reconcile")).contains("All agree.");
    }
}
