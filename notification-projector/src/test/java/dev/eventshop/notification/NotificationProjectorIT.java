package dev.eventshop.notification;

import static dev.eventshop.notification.RunningApplication.cancelled;
import static dev.eventshop.notification.RunningApplication.changed;
import static dev.eventshop.notification.RunningApplication.completed;
import static dev.eventshop.notification.RunningApplication.created;
import static dev.eventshop.notification.RunningApplication.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestMailbox;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** From the queue to the mailbox and to HTTP, on every broker at hand. */
@ParameterizedClass
@MethodSource("brokers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class NotificationProjectorIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(700);

    private static int ids = 1000;

    @Parameter
    private TestBroker broker;

    private TestMailbox mailbox;
    private RunningApplication application;
    private int user;
    private int order;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        broker.purge();
        mailbox = TestMailbox.start();
        Map<String, String> properties = new HashMap<>(mailbox.springProperties());
        properties.put("eventshop.notification.sweep-interval", "1h"); // what happens, happens by messages
        properties.put("eventshop.messaging.dead-letters.rest", "1h"); // they are looked at in their queues
        application = new RunningApplication(broker, properties);
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        application.close();
        mailbox.close();
    }

    @BeforeEach
    void freshNumbers() {
        user = ++ids;
        order = ++ids;
        application.clean();
    }

    private String email() {
        return "user" + user + "@example.org";
    }

    private List<MimeMessage> mails() {
        return mailbox.received().stream().filter(this::toUser).toList();
    }

    private boolean toUser(MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString().equals(email());
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> subjects() {
        return mails().stream().map(NotificationProjectorIT::subject).sorted().toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitLedger(String... rows) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(application.ledger()).containsExactly(rows));
    }

    private void staysLedger(String... rows) {
        await().during(SHORT)
                .atMost(LONG)
                .untilAsserted(() -> assertThat(application.ledger()).containsExactly(rows));
    }

    /** As the runbook of a held horizon says; transaction_timeout exists from PostgreSQL 17 on. */
    @Test
    void itsTransactionsAreShortAndBearItsName() {
        assertThat(application
                        .sql
                        .sql("select name || '=' || setting from pg_settings where name in ('application_name',"
                                + " 'default_transaction_isolation', 'statement_timeout',"
                                + " 'idle_in_transaction_session_timeout', 'transaction_timeout')")
                        .query(String.class)
                        .list())
                .contains(
                        "application_name=eventshop-notification-projector",
                        "default_transaction_isolation=read committed")
                .filteredOn(setting -> setting.contains("timeout"))
                .hasSizeBetween(2, 3)
                .allMatch(setting -> setting.endsWith("=10000"));
    }

    @Nested
    class EachKindOfMessage {

        @Test
        void leadsToItsEmail() throws Exception {
            application.publish("user.registered", registered(user, email()));
            application.publish("order.created", created(order, user));
            application.publish("order.status-changed", changed(order, "PENDING", "CONFIRMED"));
            application.publish("order.status-changed", changed(order, "CONFIRMED", "SHIPPED"));
            application.publish("order.completed", completed(order, user));
            application.publish("order.status-changed", changed(order, "SHIPPED", "COMPLETED"));
            int second = ++ids;
            application.publish("order.created", created(second, user));
            application.publish("order.cancelled", cancelled(second, user));
            application.publish("order.status-changed", changed(second, "PENDING", "CANCELLED"));

            await().atMost(LONG).untilAsserted(() -> assertThat(mails()).hasSize(7));
            await().during(SHORT).until(() -> mails().size() == 7);
            assertThat(subjects())
                    .containsExactlyInAnyOrder(
                            "Welcome to Eventshop",
                            "We have received your order " + order + " (PENDING)",
                            "Your order " + order + " is CONFIRMED",
                            "Your order " + order + " is SHIPPED",
                            "Your order " + order + " is COMPLETED",
                            "We have received your order " + second + " (PENDING)",
                            "Your order " + second + " is CANCELLED");
            assertThat(application.ledger()).hasSize(7).allMatch(row -> row.endsWith(" SENT"));
        }

        @Test
        void isAnsweredInTheLanguageOfTheUser() throws Exception {
            application.publish("user.registered", registered(user, email()), Map.of("axon-metadata-locale", "vi"));
            application.publish("order.created", created(order, user));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(subjects())
                            .containsExactlyInAnyOrder(
                                    "Chào mừng bạn đến với Eventshop",
                                    "Chúng tôi đã nhận đơn hàng " + order + " của bạn (PENDING)"));
        }

        @Test
        void ofAStockUpdateIsALineInTheLogAndACount(CapturedOutput output) throws Exception {
            double before = application.stockUpdates();
            application.publish("product.stock-updated", """
                    {"productId":%d,"productName":"Tea \\"x\\"\\nfake line","oldStock":3,"newStock":5,
                    "updatedAt":"2026-01-01T10:00:00Z"}""".formatted(order));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(output.getOut())
                            .contains("event=stock-updated productId=" + order
                                    + " productName=\"Tea \\\"x\\\" fake line\" oldStock=3 newStock=5"
                                    + " updatedAt=2026-01-01T10:00:00Z"));
            assertThat(application.stockUpdates() - before).isEqualTo(1);
            assertThat(application.ledger()).isEmpty();
        }
    }

    @Nested
    class AMessageThatComesAgain {

        @Test
        void underItsOwnIdHasNoSecondEffect() throws Exception {
            application.publish("user.registered", registered(user, email()));
            String id = application.publish("order.created", created(order, user));
            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING SENT", "WELCOME SENT");
            application.publish("order.created", created(order, user), Map.of(), id);
            application.publish("order.created", created(order, user), Map.of(), id);
            awaitEmpty("order.created");
            staysLedger("ORDER_CONFIRMATION " + order + " PENDING SENT", "WELCOME SENT");
            assertThat(mails()).hasSize(2);
        }

        @Test
        void underAnotherIdHasNoSecondEffect() throws Exception {
            for (int i = 0; i < 3; i++) {
                application.publish("user.registered", registered(user, email()));
                application.publish("order.created", created(order, user));
                application.publish("order.status-changed", changed(order, "PENDING", "CONFIRMED"));
                application.publish("order.completed", completed(order, user));
                application.publish("order.cancelled", cancelled(order, user));
            }
            awaitLedger(
                    "ORDER_CANCELLED " + order + " CANCELLED SENT",
                    "ORDER_COMPLETED " + order + " COMPLETED SENT",
                    "ORDER_CONFIRMATION " + order + " PENDING SENT",
                    "ORDER_STATUS " + order + " CONFIRMED SENT",
                    "WELCOME SENT");
            for (String queue :
                    List.of("order.created", "order.status-changed", "order.completed", "order.cancelled")) {
                awaitEmpty(queue);
            }
            await().during(SHORT).until(() -> mails().size() == 5);
        }

        @Test
        void asAReplayUpdatesTheDirectoryAndSendsNothing() throws Exception {
            Map<String, Object> replay = Map.of("x-replay", true);
            application.publish("user.registered", registered(user, email()), replay);
            application.publish("order.created", created(order, user), replay);
            application.publish("order.status-changed", changed(order, "PENDING", "CONFIRMED"), replay);
            application.publish("order.completed", completed(order, user), replay);
            application.publish("order.cancelled", cancelled(order, user), replay);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application
                                    .sql
                                    .sql("SELECT count(*) FROM order_customer JOIN recipient USING (user_id)")
                                    .query(Integer.class)
                                    .single())
                            .isEqualTo(1));
            staysLedger();

            application.publish("order.status-changed", changed(order, "CONFIRMED", "SHIPPED"));
            awaitLedger("ORDER_STATUS " + order + " SHIPPED SENT");
            assertThat(subjects()).containsExactly("Your order " + order + " is SHIPPED");
        }
    }

    /** As a republication sends it: to the queue, with the ids that the messages had before. */
    @Nested
    class HistorySentAgain {

        private static final Map<String, Object> REPLAY = Map.of("x-replay", true);

        private final Map<String, String> published = new LinkedHashMap<>();

        private String publish(String queue, String json) throws Exception {
            published.put(queue, json);
            return application.publish(queue, json);
        }

        private List<String> directory() {
            return application
                    .sql
                    .sql("SELECT order_id || ' ' || user_id FROM order_customer JOIN recipient USING (user_id)"
                            + " WHERE recipient.email IS NOT NULL")
                    .query(String.class)
                    .list();
        }

        private void emptyDirectory() {
            application
                    .admin()
                    .sql("TRUNCATE notification.recipient, notification.order_customer")
                    .update();
        }

        @Test
        void fillsAnEmptyDirectoryPastTheInboxAndSendsNothing() throws Exception {
            String registration = publish("user.registered", registered(user, email()));
            String creation = publish("order.created", created(order, user));
            String[] sent = {"ORDER_CONFIRMATION " + order + " PENDING SENT", "WELCOME SENT"};
            awaitLedger(sent);
            emptyDirectory();

            application.publish("order.created", published.get("order.created"), REPLAY, creation);
            application.publish("user.registered", published.get("user.registered"), REPLAY, registration);
            await().atMost(LONG).untilAsserted(() -> assertThat(directory()).containsExactly(order + " " + user));
            staysLedger(sent);
            assertThat(mails()).hasSize(2);

            application.publish("order.status-changed", changed(order, "PENDING", "CONFIRMED"));
            awaitLedger(
                    "ORDER_CONFIRMATION " + order + " PENDING SENT",
                    "ORDER_STATUS " + order + " CONFIRMED SENT",
                    "WELCOME SENT");
            assertThat(subjects()).contains("Your order " + order + " is CONFIRMED");
        }

        @Test
        void doesNotTakeTheEmailFromTheMessageThatComesLater() throws Exception {
            String registration = application.publish("user.registered", registered(user, email()), REPLAY);
            String creation = application.publish("order.created", created(order, user), REPLAY);
            await().atMost(LONG).untilAsserted(() -> assertThat(directory()).hasSize(1));
            staysLedger();

            application.publish("user.registered", registered(user, email()), Map.of(), registration);
            application.publish("order.created", created(order, user), Map.of(), creation);

            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING SENT", "WELCOME SENT");
            assertThat(mails()).hasSize(2);
        }

        @Test
        void bringsNobodyBackWhoWasErased() throws Exception {
            String registration = publish("user.registered", registered(user, email()));
            awaitLedger("WELCOME SENT");
            application.publish("user.personal-data-erased", erased());
            await().atMost(LONG).untilAsserted(() -> assertThat(erasures()).hasSize(1));
            String erasedAt = erasures().get(0);

            // one that was sent before the erasure, with all that it tells
            application.publish("user.registered", published.get("user.registered"), REPLAY, registration);
            application.publish("user.personal-data-erased", erased(), REPLAY);
            awaitKnownIsOnly(somebodyBehind());
            awaitEmpty("user.personal-data-erased");
            assertThat(erasures()).containsExactly(erasedAt);

            emptyDirectory();
            application.publish("user.registered", published.get("user.registered"), REPLAY, registration);
            awaitKnownIsOnly(somebodyBehind());
            assertThat(mails()).hasSize(1);
        }

        private String erased() {
            return "{\"userId\":" + user + ",\"erasedAt\":\"2026-01-01T10:00:00Z\"}";
        }

        /** @return a user whose message comes behind all others of its queue */
        private int somebodyBehind() throws Exception {
            int somebody = ++ids;
            application.publish("user.registered", registered(somebody, "behind@example.org"), REPLAY);
            return somebody;
        }

        private void awaitKnownIsOnly(int somebody) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application
                                    .sql
                                    .sql("SELECT user_id FROM recipient"
                                            + " WHERE email IS NOT NULL OR full_name IS NOT NULL")
                                    .query(Integer.class)
                                    .list())
                            .containsExactly(somebody));
        }

        private List<String> erasures() {
            return application
                    .sql
                    .sql("SELECT erased_at::text FROM recipient WHERE erased_at IS NOT NULL")
                    .query(String.class)
                    .list();
        }
    }

    @Nested
    class MessagesInAnyOrder {

        @ParameterizedTest
        @CsvSource({"UCS", "USC", "CUS", "CSU", "SUC", "SCU"})
        void leadToTheSameEmails(String order) throws Exception {
            int number = NotificationProjectorIT.this.order;
            for (char message : order.toCharArray()) {
                switch (message) {
                    case 'U' -> application.publish("user.registered", registered(user, email()));
                    case 'C' -> application.publish("order.created", created(number, user));
                    default -> application.publish("order.status-changed", changed(number, "CONFIRMED", "SHIPPED"));
                }
                awaitEmpty("user.registered", "order.created", "order.status-changed");
            }
            awaitLedger(
                    "ORDER_CONFIRMATION " + number + " PENDING SENT",
                    "ORDER_STATUS " + number + " SHIPPED SENT",
                    "WELCOME SENT");
            assertThat(mails()).hasSize(3);
        }

        @Test
        void waitVisiblyForWhatIsMissing() throws Exception {
            application.publish("order.status-changed", changed(order, "CONFIRMED", "SHIPPED"));
            awaitLedger("ORDER_STATUS " + order + " SHIPPED WAITING_FOR_RECIPIENT");
            JsonNode waiting = application
                    .json("/api/notifications?orderId=" + order)
                    .get("items")
                    .get(0);
            assertThat(waiting.get("status").asString()).isEqualTo("WAITING_FOR_RECIPIENT");
            assertThat(waiting.get("userId").isNull()).isTrue();
            assertThat(waiting.get("recipient").isNull()).isTrue();
            assertThat(waiting.get("subject").asString()).isEqualTo("Your order " + order + " is SHIPPED");

            application.publish("order.cancelled", cancelled(order, user));
            application.publish("user.registered", registered(user, email()));
            awaitLedger(
                    "ORDER_CANCELLED " + order + " CANCELLED SENT",
                    "ORDER_STATUS " + order + " SHIPPED SENT",
                    "WELCOME SENT");
        }

        @Test
        void endWithAnErasureForGood() throws Exception {
            application.publish("order.created", created(order, user));
            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING WAITING_FOR_RECIPIENT");
            application.publish("user.personal-data-erased", """
                    {"userId":%d,"erasedAt":"2026-01-01T10:00:00Z"}""".formatted(user));
            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING SUPPRESSED");
            application.publish("user.registered", registered(user, email()));
            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING SUPPRESSED", "WELCOME SUPPRESSED");
            assertThat(mails()).isEmpty();
        }

        /** As it is sent again to somebody who asks for history. */
        @Test
        void meanThatARegistrationNamesNobodyAnyMore() throws Exception {
            application.publish("user.registered", """
                    {"userId":%d,"email":null,"fullName":null,"registeredAt":"2026-01-01T10:00:00Z"}""".formatted(user));
            application.publish("order.created", created(order, user));
            application.publish("user.personal-data-erased", """
                    {"userId":%d,"erasedAt":"2026-01-01T10:00:00Z"}""".formatted(user));
            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING SUPPRESSED");
            assertThat(mails()).isEmpty();
        }
    }

    @Nested
    class AHostileMessage {

        static Stream<Hostile> messages() {
            String deep = "[".repeat(100_000) + "]".repeat(100_000);
            return Stream.of(
                    new Hostile("no JSON", "order.created", "hello", "OrderCreatedEvent"),
                    new Hostile("empty", "order.created", "", "OrderCreatedEvent"),
                    new Hostile("no object", "order.created", "17", "OrderCreatedEvent"),
                    new Hostile("null", "order.created", "null", "OrderCreatedEvent"),
                    new Hostile("no fields", "order.created", "{}", "OrderCreatedEvent"),
                    new Hostile(
                            "wrong types",
                            "order.created",
                            "{\"orderId\":\"x\",\"userId\":{},\"totalAmount\":[],\"items\":1,\"createdAt\":true}",
                            "OrderCreatedEvent"),
                    new Hostile("number out of range", "order.status-changed", changedWith("99999999999"), null),
                    new Hostile("negative number", "order.status-changed", changedWith("-1"), null),
                    new Hostile("unknown status", "order.status-changed", changed(1, "PENDING", "EXPLODED"), null),
                    new Hostile("no items", "order.created", created(1, 1).replaceAll("(?s)\\[.*]", "[]"), null),
                    new Hostile("null item", "order.created", created(1, 1).replaceAll("(?s)\\[.*]", "[null]"), null),
                    new Hostile("unknown type", "order.created", created(1, 1), "NoSuchEvent"),
                    new Hostile("class name", "order.created", created(1, 1), "java.lang.Runtime"),
                    new Hostile("internal event", "order.created", "{\"productId\":1}", "StockReservedEvent"),
                    new Hostile(
                            "event of another queue", "order.created", registered(1, "a@b.c"), "UserRegisteredEvent"),
                    new Hostile("type in the body", "user.registered", "{\"@class\":\"java.lang.Runtime\"}", null),
                    new Hostile("deep nesting", "order.created", deep, null),
                    new Hostile("deep field", "order.created", "{\"orderId\":1,\"items\":" + deep + "}", null),
                    new Hostile("10 MB of text", "order.created", "\"" + "x".repeat(10_000_000) + "\"", null),
                    new Hostile(
                            "10 MB in a field",
                            "user.registered",
                            registered(1, "x".repeat(10_000_000) + "@example.org"),
                            null),
                    new Hostile("null character", "user.registered", registered(1, "a\\u0000@example.org"), null),
                    new Hostile("blank name", "user.registered", registered(1, " "), null));
        }

        private static String changedWith(String orderId) {
            return changed(1, "PENDING", "SHIPPED").replace(":1,", ":" + orderId + ",");
        }

        @ParameterizedTest
        @MethodSource("messages")
        void goesToTheDeadLettersWithItsErrorAndTheConsumerGoesOn(Hostile message) throws Exception {
            application.deadLetters(message.queue());
            String id = java.util.UUID.randomUUID().toString();
            if (message.type() == null) {
                application.publish(message.queue(), message.body(), Map.of(), id);
            } else {
                application.publishRaw(
                        message.queue(), message.body().getBytes(StandardCharsets.UTF_8), message.type(), Map.of(), id);
            }
            application.publish("user.registered", registered(user, email()));
            application.publish("order.created", created(order, user));
            application.publish("order.status-changed", changed(order, "PENDING", "SHIPPED"));

            awaitLedger(
                    "ORDER_CONFIRMATION " + order + " PENDING SENT",
                    "ORDER_STATUS " + order + " SHIPPED SENT",
                    "WELCOME SENT");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application.waiting(message.queue() + ".dlq"))
                            .isEqualTo(1));
            GetResponse dead = application.deadLetters(message.queue()).get(0);
            assertThat(dead.getProps().getMessageId()).isEqualTo(id);
            assertThat(dead.getProps().getHeaders().keySet()).anyMatch(header -> header.contains("error"));
        }

        @Test
        void thatIsNotUtf8GoesThereToo() throws Exception {
            application.deadLetters("user.registered");
            byte[] latin1 = registered(user, email()).replace("Ann", "Ännchen").getBytes(StandardCharsets.ISO_8859_1);
            application.publishRaw("user.registered", latin1, "UserRegisteredEvent", Map.of(), "latin1-" + user);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application.waiting("user.registered.dlq"))
                            .isEqualTo(1));
        }

        record Hostile(String what, String queue, String body, String type) {
            @Override
            public String toString() {
                return what;
            }
        }
    }

    @Nested
    class TheLedgerOverHttp {

        @Test
        void showsWhatWasSentWordByWord() throws Exception {
            application.publish("user.registered", registered(user, email()));
            application.publish("order.created", created(order, user));
            awaitLedger("ORDER_CONFIRMATION " + order + " PENDING SENT", "WELCOME SENT");

            JsonNode item = application
                    .json("/api/notifications?orderId=" + order)
                    .get("items")
                    .get(0);
            JsonNode shown = application.json("/api/notifications/" + item.get("notificationId"));
            assertThat(Set.copyOf(item.propertyNames()))
                    .isEqualTo(Set.of(
                            "notificationId",
                            "kind",
                            "userId",
                            "orderId",
                            "recipient",
                            "subject",
                            "status",
                            "attempts",
                            "createdAt",
                            "sentAt",
                            "error"));
            assertThat(item.get("kind").asString()).isEqualTo("ORDER_CONFIRMATION");
            assertThat(item.get("recipient").asString()).isEqualTo(email());
            assertThat(item.get("attempts").asInt()).isEqualTo(1);
            assertThat(item.get("sentAt").asString()).endsWith("Z");
            assertThat(item.get("error").isNull()).isTrue();
            item.propertyNames().forEach(name -> assertThat(shown.get(name)).isEqualTo(item.get(name)));

            MimeMessage mail = mails().stream()
                    .filter(one -> subject(one).equals(item.get("subject").asString()))
                    .findFirst()
                    .orElseThrow();
            for (String header : List.of("Message-ID", "Subject", "From", "To", "Auto-Submitted", "Content-Language")) {
                assertThat(shown.get("headers").get(header).asString())
                        .as(header)
                        .isEqualTo(MimeUtility.decodeText(mail.getHeader(header)[0]));
            }
            assertThat(shown.get("headers").get("Content-Type").asString()).isEqualTo("multipart/alternative");
            assertThat(Duration.between(
                            mail.getSentDate().toInstant(),
                            new MailDateFormat()
                                    .parse(shown.get("headers").get("Date").asString())
                                    .toInstant()))
                    .isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(2));
            MimeMultipart parts = (MimeMultipart) mail.getContent();
            assertThat(lines(shown.get("text").asString()))
                    .isEqualTo(lines(parts.getBodyPart(0).getContent()));
            assertThat(lines(shown.get("html").asString()))
                    .isEqualTo(lines(parts.getBodyPart(1).getContent()))
                    .contains("$25.00")
                    .contains("Tea");
        }

        @Test
        void showsWhomItIsForToThoseWhoAskForIt() throws Exception {
            application.publish("user.registered", registered(user, email()));
            awaitLedger("WELCOME SENT");
            String path = "/api/notifications/"
                    + application
                            .json("/api/notifications?userId=" + user)
                            .get("items")
                            .get(0)
                            .get("notificationId");
            application.admin().sql("truncate notification.audit").update();

            JsonNode masked = application.json(path + "?personalData=false");

            assertThat(masked.toString()).doesNotContain(email());
            assertThat(masked.get("recipient").asString()).isEqualTo("[masked]");
            assertThat(masked.get("headers").get("To").asString()).isEqualTo("[masked]");
            JsonNode shown = application.json(path);
            for (String part : List.of("html", "text")) {
                assertThat(shown.get(part).asString()).contains("Ann");
                assertThat(masked.get(part).asString()).contains("[masked]").doesNotContain("Ann");
            }
            assertThat(application
                            .sql
                            .sql("select action from audit where outcome = 'BEGUN'")
                            .query(String.class)
                            .list())
                    .containsExactly("GET /api/notifications/{id}");
        }

        private static String lines(Object content) {
            return content.toString().replace("\r\n", "\n").strip();
        }

        @Test
        void isPagedNewestFirstAndFiltered() throws Exception {
            application.publish("user.registered", registered(user, email()));
            for (int i = 0; i < 5; i++) {
                application.publish("order.created", created(++ids, user));
            }
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(application.ledger()).hasSize(6).allMatch(row -> row.endsWith("SENT")));
            List<Long> seen = new java.util.ArrayList<>();
            String cursor = "";
            int pages = 0;
            do {
                JsonNode page = application.json("/api/notifications?limit=2&userId=" + user + cursor);
                page.get("items")
                        .forEach(item -> seen.add(item.get("notificationId").asLong()));
                cursor = page.get("nextCursor").isNull()
                        ? ""
                        : "&cursor=" + page.get("nextCursor").asString();
                pages++;
            } while (!cursor.isEmpty());
            assertThat(pages).isEqualTo(3);
            assertThat(seen)
                    .hasSize(6)
                    .doesNotHaveDuplicates()
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());

            assertThat(size("?kind=WELCOME")).isEqualTo(1);
            assertThat(size("?kind=ORDER_CONFIRMATION&status=SENT&userId=" + user))
                    .isEqualTo(5);
            assertThat(size("?status=FAILED")).isZero();
            assertThat(size("?status=PENDING")).isZero();
            assertThat(size("?orderId=" + ids)).isEqualTo(1);
        }

        private int size(String query) throws Exception {
            return application.json("/api/notifications" + query).get("items").size();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "status=NONE",
                    "status=sent",
                    "status=SENDING",
                    "kind=NONE",
                    "userId=x",
                    "userId=0",
                    "orderId=-1",
                    "userId=99999999999",
                    "orderId=1.5",
                    "limit=0",
                    "limit=201",
                    "limit=x",
                    "cursor=x",
                    "cursor=MTIz"
                })
        void refusesWhatIsNotInTheContract(String query) throws Exception {
            HttpResponse<String> answer = application.get("/api/notifications?" + query);
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("\"field\":\"" + query.replaceAll("=.*", "") + "\"");
        }

        @Test
        void knowsNoOtherEmails() throws Exception {
            assertThat(application.get("/api/notifications/999999999").statusCode())
                    .isEqualTo(404);
            assertThat(application.get("/api/notifications/abc").statusCode()).isEqualTo(404);
            assertThat(application.post("/api/notifications/999999999/retry").statusCode())
                    .isEqualTo(404);
        }

        @Test
        void sendsAFailedEmailAgainAndNoOther() throws Exception {
            application.publish("user.registered", registered(user, "nobody"));
            awaitLedger("WELCOME FAILED");
            JsonNode failed =
                    application.json("/api/notifications").get("items").get(0);
            assertThat(failed.get("error").asString()).contains("address");
            application.publish("user.registered", registered(user, email()));
            await().atMost(LONG).until(() -> application.sql.sql("""
                                    UPDATE notification n SET recipient = r.email FROM recipient r
                                    WHERE r.user_id = n.user_id AND n.recipient IS DISTINCT FROM r.email""").update() == 1);
            String retry = "/api/notifications/" + failed.get("notificationId") + "/retry";
            assertThat(application.post(retry).statusCode()).isEqualTo(202);
            awaitLedger("WELCOME SENT");
            HttpResponse<String> again = application.post(retry);
            assertThat(again.statusCode()).isEqualTo(409);
            assertThat(again.body()).contains("NOTIFICATION_NOT_RETRYABLE");
            assertThat(application
                            .sql
                            .sql("select outcome || ' ' || coalesce(status, 0) from audit where target = ? order by id")
                            .param(retry)
                            .query(String.class)
                            .list())
                    .containsExactly("BEGUN 0", "DONE 202", "BEGUN 0", "REFUSED 409");
        }
    }

    @Test
    void tellsTheStateOfTheQueues() throws Exception {
        application.publishRaw(
                "order.completed", "x".getBytes(StandardCharsets.UTF_8), "OrderCompletedEvent", Map.of(), "bad" + user);
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode completed = application
                    .json("/api/admin/queues")
                    .get("items")
                    .valueStream()
                    .filter(queue -> queue.get("queue").asString().equals("order.completed"))
                    .findFirst()
                    .orElseThrow();
            assertThat(completed.get("ready").asInt()).isZero();
            assertThat(completed.get("consumers").asInt()).isPositive();
            assertThat(completed.get("failed").asInt()).isPositive();
            assertThat(completed.get("unacknowledged").isNull()).isTrue();
        });
    }

    @Test
    void isHealthyAndDocumented() throws Exception {
        assertThat(application.management("/actuator/health").get("status").asString())
                .isEqualTo("UP");
        assertThat(application
                        .management("/actuator/health/readiness")
                        .get("status")
                        .asString())
                .isEqualTo("UP");
        JsonNode document = application.json("/v3/api-docs");
        assertThat(document.get("openapi").asString()).startsWith("3.1");
        assertThat(Set.copyOf(document.get("paths").propertyNames()))
                .isEqualTo(Set.of(
                        "/api/notifications",
                        "/api/notifications/{id}",
                        "/api/notifications/{id}/retry",
                        "/api/admin/audit",
                        "/api/admin/recent-metrics",
                        "/api/admin/dead-letters",
                        "/api/admin/dead-letters/{id}",
                        "/api/admin/dead-letters/{id}/retry",
                        "/api/admin/dead-letters/groups",
                        "/api/admin/dead-letters/hours",
                        "/api/admin/dead-letters/retry",
                        "/api/admin/dead-letters/discard",
                        "/api/admin/queues"));
    }

    private void awaitEmpty(String... queues) {
        await().atMost(LONG).untilAsserted(() -> {
            for (String queue : queues) {
                assertThat(application.waiting(queue)).isZero();
            }
        });
    }
}
