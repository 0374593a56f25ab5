package dev.eventshop.notification;

import static dev.eventshop.notification.RunningApplication.cancelled;
import static dev.eventshop.notification.RunningApplication.created;
import static dev.eventshop.notification.RunningApplication.registered;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.messaging.deadletter.ParkedMessages;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestMailbox;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Messages that can't be handled, from the exchange to an operator's screen, and back to their queue. */
@ParameterizedClass
@MethodSource("brokers")
class DeadLettersIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String LETTERS = "/api/admin/dead-letters";
    private static final String INVALID = "dev.eventshop.notification.message.InvalidMessage";

    private static TestMailbox mailbox;
    private static RunningApplication application;

    @Parameter
    private TestBroker broker;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeParameterizedClassInvocation
    static void start(TestBroker broker) throws Exception {
        broker.purge();
        mailbox = TestMailbox.start();
        Map<String, String> settings = new HashMap<>(mailbox.springProperties());
        settings.put("eventshop.messaging.dead-letters.rest", "100ms");
        settings.put("eventshop.messaging.first-retry", "50ms");
        settings.put("eventshop.messaging.longest-retry", "100ms");
        settings.put("eventshop.messaging.queues[order.created].attempts", "2");
        settings.put("eventshop.notification.dead-letters.body-length", "1000");
        settings.put("eventshop.notification.dead-letters.count-interval", "200ms");
        application = new RunningApplication(broker, settings);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        application.close();
        mailbox.close();
    }

    @BeforeEach
    void clean() throws Exception {
        heal();
        await().atMost(LONG).untilAsserted(() -> {
            for (String queue : List.of("order.created", "order.cancelled", "user.registered")) {
                assertThat(application.waiting(queue) + application.waiting(queue + ".dlq"))
                        .isZero();
            }
        });
        application.clean();
        application
                .admin()
                .sql("truncate notification.dead_letter, notification.message_inbox")
                .update();
    }

    /** Orders can't be taken up any more: a fault that is neither the message's nor an outage. */
    private static void breakOrders() {
        application
                .admin()
                .sql("revoke insert on notification.order_customer from notification")
                .update();
    }

    private static void heal() {
        application
                .admin()
                .sql("grant insert on notification.order_customer to notification")
                .update();
    }

    private static List<JsonNode> letters(String query) throws Exception {
        JsonNode page = application.json(LETTERS + query);
        assertThat(page.get("nextCursor").isNull()).isTrue();
        return page.get("items").valueStream().toList();
    }

    private static JsonNode awaitLetter() {
        List<JsonNode> found = new ArrayList<>();
        await().atMost(LONG).until(() -> found.addAll(letters("")));
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static void awaitLetters(int count) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(letters("?limit=200")).hasSize(count));
    }

    private static void deadLetter(String queue, byte[] body, AMQP.BasicProperties properties) throws Exception {
        application.publishTo(queue + ".dlq", properties, body);
    }

    private static String invalidOrder(int id) {
        return created(id, 1).replaceFirst("\"userId\":1", "\"userId\":-1");
    }

    private static JsonNode body(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static int accepted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(body(answer).propertyNames()).containsExactly("count");
        return body(answer).get("count").intValue();
    }

    private static HttpResponse<String> retry(JsonNode letter) throws Exception {
        return application.post(LETTERS + "/" + letter.get("id") + "/retry");
    }

    @Nested
    class ADeadLetter {

        @Test
        void isShownWithItsError() throws Exception {
            Instant before = Instant.now().minusSeconds(1);
            String id = application.publish("order.created", invalidOrder(17));
            JsonNode letter = awaitLetter();

            assertThat(letter.propertyNames())
                    .containsExactly(
                            "id",
                            "queue",
                            "messageId",
                            "routingKey",
                            "type",
                            "errorClass",
                            "error",
                            "firstFailedAt",
                            "lastFailedAt",
                            "attempts",
                            "body");
            assertThat(letter.get("queue").asString()).isEqualTo("order.created");
            assertThat(letter.get("messageId").asString()).isEqualTo(id);
            assertThat(letter.get("routingKey").asString()).isEqualTo("order.created");
            assertThat(letter.get("type").asString()).isEqualTo("OrderCreatedEvent");
            assertThat(letter.get("errorClass").asString()).isEqualTo(INVALID);
            assertThat(letter.get("error").asString()).isEqualTo("userId must be positive, is -1");
            assertThat(Instant.parse(letter.get("firstFailedAt").asString())).isBetween(before, Instant.now());
            assertThat(Instant.parse(letter.get("lastFailedAt").asString())).isBetween(before, Instant.now());
            assertThat(letter.get("attempts").intValue()).isEqualTo(1);
            assertThat(letter.get("body").asString()).isEqualTo(invalidOrder(17));
            await().atMost(LONG).until(() -> application.waiting("order.created.dlq") == 0);

            ObjectNode details = (ObjectNode) application.json(LETTERS + "/" + letter.get("id"));
            String stackTrace = details.remove("stackTrace").asString();
            assertThat(stackTrace).startsWith(INVALID + ": userId must be positive, is -1");
            assertThat(stackTrace).contains("WhenOrderCreatedThenConfirmToCustomer.on(");
            JsonNode headers = details.remove("headers");
            assertThat(headers.propertyNames()).noneMatch(name -> name.startsWith("x-"));
            assertThat(headers.get("axon-message-type").asString()).isEqualTo("OrderCreatedEvent");
            assertThat(details).isEqualTo(letter);
        }

        @Test
        void hasAllAttemptsOfItsQueue() throws Exception {
            breakOrders();
            application.publish("order.created", created(17, 1));
            JsonNode letter = awaitLetter();
            assertThat(letter.get("attempts").intValue()).isEqualTo(2);
            assertThat(letter.get("error").asString()).contains("permission denied");
        }

        @Test
        void isOneHoweverOftenItIsCollected() throws Exception {
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .messageId("m1")
                    .headers(Map.of("x-attempts", 5, "x-last-failed-at", "2026-01-01T10:00:00.123456789Z"))
                    .build();
            ParkedMessage letter = new ParkedMessage("order.created", properties, "{}".getBytes(UTF_8));
            ParkedMessages kept = application.context.getBean(ParkedMessages.class);
            kept.keep(letter);
            JsonNode before = awaitLetter();
            kept.keep(letter); // the process died before the acknowledgement
            assertThat(awaitLetter()).isEqualTo(before);
            assertThat(before.get("lastFailedAt").asString()).isEqualTo("2026-01-01T10:00:00.123456Z");

            AMQP.BasicProperties none = properties.builder().messageId(null).build();
            kept.keep(new ParkedMessage("order.created", none, "{}".getBytes(UTF_8)));
            kept.keep(new ParkedMessage("order.created", none, "{}".getBytes(UTF_8)));
            kept.keep(new ParkedMessage("order.created", none, "[]".getBytes(UTF_8)));
            awaitLetters(3);
        }

        @Test
        void mayBeAnything() throws Exception {
            Map<String, Object> headers = new HashMap<>();
            headers.put("x-error-class", "a\0b\n" + "c".repeat(1000));
            headers.put("x-error-message", List.of("a list"));
            headers.put("x-attempts", "many");
            headers.put("x-first-failed-at", "+999999999-12-31T23:59:59Z");
            headers.put("x-last-failed-at", Instant.now().plusSeconds(1_000_000).toString());
            headers.put("nothing", null);
            AMQP.BasicProperties hostile = new AMQP.BasicProperties.Builder()
                    .messageId("a\0b")
                    .type("\u0007")
                    .headers(headers)
                    .build();
            byte[] binary = new byte[2_000_000];
            binary[1] = (byte) 0xFF;
            deadLetter("order.created", binary, hostile);
            JsonNode letter = awaitLetter();
            assertThat(letter.get("messageId").asString()).isEqualTo("a?b");
            assertThat(letter.get("type").asString()).isEqualTo("?");
            assertThat(letter.get("errorClass").asString())
                    .startsWith("a?b?ccc")
                    .hasSize(255);
            assertThat(letter.get("attempts").intValue()).isZero();
            assertThat(letter.get("body").asString()).hasSize(1000).startsWith("\0\uFFFD\0");
            JsonNode details = application.json(LETTERS + "/" + letter.get("id"));
            assertThat(details.get("headers").toString()).isEqualTo("{\"nothing\":\"null\"}");
            assertThat(details.get("stackTrace").isNull()).isTrue();
            assertThat(Duration.between(
                            Instant.parse(letter.get("firstFailedAt").asString()), Instant.now()))
                    .isLessThan(Duration.ofMinutes(1));

            deadLetter("order.created", new byte[0], new AMQP.BasicProperties.Builder().build());
            awaitLetters(2);
        }

        @Test
        void isUnknown() throws Exception {
            for (String path : List.of("/0", "/abc", "/99999999999999999999")) {
                HttpResponse<String> answer = application.get(LETTERS + path);
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(body(answer).get("code").asString()).isEqualTo("DEAD_LETTER_NOT_FOUND");
                assertThat(application.post(LETTERS + path + "/retry").statusCode())
                        .isEqualTo(404);
                assertThat(application.delete(LETTERS + path).statusCode()).isEqualTo(404);
            }
        }

        @Test
        void countsAmongTheFailedOfItsQueue() throws Exception {
            application.publish("order.created", invalidOrder(17));
            awaitLetters(1);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application
                                    .json("/api/admin/queues")
                                    .get("items")
                                    .valueStream()
                                    .filter(queue ->
                                            queue.get("queue").asString().equals("order.created"))
                                    .map(queue -> queue.get("failed").intValue()))
                            .containsExactly(1));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application
                                    .context
                                    .getBean(MeterRegistry.class)
                                    .get("eventshop.messaging.dead.letters")
                                    .tags("queue", "order.created", "state", "parked")
                                    .gauge()
                                    .value())
                            .isEqualTo(1));
        }
    }

    @Nested
    class TheList {

        @Test
        void isPagedNewestFirst() throws Exception {
            for (int i = 1; i <= 7; i++) {
                application.publish("order.created", invalidOrder(i));
            }
            awaitLetters(7);
            List<Long> ids = new ArrayList<>();
            String cursor = "";
            List<Integer> sizes = new ArrayList<>();
            do {
                JsonNode page = application.json(LETTERS + "?limit=3" + cursor);
                page.get("items").forEach(item -> ids.add(item.get("id").longValue()));
                sizes.add(page.get("items").size());
                cursor = page.get("nextCursor").isNull()
                        ? ""
                        : "&cursor=" + page.get("nextCursor").asString();
            } while (!cursor.isEmpty());
            assertThat(sizes).containsExactly(3, 3, 1);
            assertThat(ids).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));
        }

        @Test
        void isSearchedByQueueAndError() throws Exception {
            application.publish("order.created", invalidOrder(1));
            application.publish("order.cancelled", cancelled(0, 1));
            application.publish("order.cancelled", "hello");
            awaitLetters(3);
            assertThat(letters("?queue=order.created")).hasSize(1);
            assertThat(letters("?queue=order.cancelled")).hasSize(2);
            assertThat(letters("?queue=order")).isEmpty();
            assertThat(letters("?error=invalidmessage")).hasSize(2);
            assertThat(letters("?error=userId%20must%20be%20positive,%20is%20-1"))
                    .hasSize(1);
            assertThat(letters("?error=userId%20must%20be%20positive,%20is%20-99"))
                    .hasSize(1);
            assertThat(letters("?queue=order.created&error=orderId")).isEmpty();
        }

        @Test
        void refusesWhatIsNoPage() throws Exception {
            for (String query : List.of("?limit=0", "?limit=201", "?cursor=x", "/groups?limit=0", "/groups?cursor=x")) {
                assertThat(application.get(LETTERS + query).statusCode())
                        .as(query)
                        .isEqualTo(422);
            }
        }
    }

    @Nested
    class TheGroups {

        @Test
        void putTogetherWhatDiffersInNumbersOnly() throws Exception {
            application.publish("order.created", invalidOrder(1));
            application.publish("order.created", invalidOrder(2).replace("-1", "-2"));
            application.publish("order.created", created(0, 1));
            application.publish("order.cancelled", cancelled(0, 1));
            awaitLetters(4);
            JsonNode first = application.json(LETTERS + "/groups?limit=1");
            assertThat(first.get("items").size()).isEqualTo(1);
            List<String> groups = new ArrayList<>();
            String next = "";
            do {
                JsonNode page = application.json(LETTERS + "/groups?limit=1" + next);
                page.get("items").forEach(group -> {
                    assertThat(group.propertyNames())
                            .containsExactly("queue", "errorClass", "error", "count", "firstFailedAt", "lastFailedAt");
                    groups.add(group.get("queue").asString() + " "
                            + group.get("errorClass").asString() + " " + group.get("count") + " "
                            + group.get("error").asString());
                });
                next = page.get("nextCursor").isNull()
                        ? ""
                        : "&cursor=" + page.get("nextCursor").asString();
            } while (!next.isEmpty());
            assertThat(groups)
                    .containsExactlyInAnyOrder(
                            "order.cancelled " + INVALID + " 1 orderId must be positive, is 0",
                            "order.created " + INVALID + " 1 orderId must be positive, is 0",
                            "order.created " + INVALID + " 2 userId must be positive, is -2");
        }
    }

    @Nested
    class TheHours {

        @Test
        void countWhatFailedFirstInThem() throws Exception {
            application.publish("order.created", invalidOrder(1));
            application.publish("order.created", invalidOrder(2));
            application.publish("order.cancelled", cancelled(0, 1));
            awaitLetters(3);
            Instant hour = application
                    .sql
                    .sql("select date_trunc('hour', now(), 'UTC') - interval '2 hours'")
                    .query((row, number) ->
                            row.getObject(1, OffsetDateTime.class).toInstant())
                    .single();
            failedFirst("order.cancelled", hour.minus(Duration.ofDays(8)));
            failedFirst("order.created", hour.plusSeconds(3_599));

            List<JsonNode> hours = new ArrayList<>();
            application.json(LETTERS + "/hours").get("items").forEach(hours::add);

            assertThat(hours).singleElement().satisfies(counted -> {
                assertThat(counted.propertyNames()).containsExactly("from", "count");
                assertThat(Instant.parse(counted.get("from").asString())).isEqualTo(hour);
                assertThat(counted.get("count").intValue()).isEqualTo(2);
            });
        }

        private static void failedFirst(String queue, Instant at) {
            application
                    .sql
                    .sql("update dead_letter set first_failed_at = ? where queue = ?")
                    .params(at.atOffset(ZoneOffset.UTC), queue)
                    .update();
        }
    }

    @Nested
    class ARetry {

        @Test
        void hasItsEffectWhenTheCauseIsGone() throws Exception {
            application.publish("user.registered", registered(1, "ann@example.org"));
            breakOrders();
            application.publish("order.created", created(17, 1));
            JsonNode letter = awaitLetter();
            heal();

            assertThat(accepted(retry(letter))).isEqualTo(1);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application.ledger())
                            .containsExactlyInAnyOrder("WELCOME SENT", "ORDER_CONFIRMATION 17 PENDING SENT"));
            awaitLetters(0);
            assertThat(application.get(LETTERS + "/" + letter.get("id")).statusCode())
                    .isEqualTo(404);
            assertThat(retry(letter).statusCode()).isEqualTo(404);
        }

        @Test
        void thatFailsIsTheSameLetterAndCountsOn() throws Exception {
            breakOrders();
            application.publish("order.created", created(17, 1));
            JsonNode letter = awaitLetter();
            assertThat(accepted(retry(letter))).isEqualTo(1);
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode again = awaitLetter();
                assertThat(again.get("attempts").intValue()).isEqualTo(4);
                assertThat(again.get("id")).isEqualTo(letter.get("id"));
                assertThat(again.get("firstFailedAt")).isEqualTo(letter.get("firstFailedAt"));
                assertThat(again.get("lastFailedAt")).isNotEqualTo(letter.get("lastFailedAt"));
            });
        }

        /** On an instance whose clock is behind or ahead, or after a clock was set. */
        @ParameterizedTest
        @CsvSource({
            "RETRIED, 2026-01-01T09:59:00Z",
            "RETRIED, 2026-01-01T10:01:00Z",
            "RETRYING, 2026-01-01T09:59:00Z",
            "RETRYING, 2026-01-01T10:01:00Z"
        })
        void thatFailsByAnotherClockIsTheSameLetter(String state, String failedAgain) throws Exception {
            ParkedMessages kept = application.context.getBean(ParkedMessages.class);
            ParkedMessage first = failed("2026-01-01T10:00:00Z");
            kept.keep(first);
            JsonNode letter = awaitLetter();
            application
                    .admin()
                    .sql("update notification.dead_letter set state = :state,"
                            + " claim = case :state when 'RETRYING' then gen_random_uuid() end,"
                            + " due_at = case :state when 'RETRYING' then now() + interval '1 hour' end,"
                            + " message = case :state when 'RETRYING' then message end")
                    .param("state", state)
                    .update();
            kept.keep(first); // was collected, and not acknowledged
            assertThat(application
                            .sql
                            .sql("select state from dead_letter")
                            .query(String.class)
                            .list())
                    .containsExactly(state);

            kept.keep(failed(failedAgain));
            kept.keep(failed(failedAgain));

            JsonNode again = awaitLetter();
            assertThat(again.get("id")).isEqualTo(letter.get("id"));
            assertThat(again.get("lastFailedAt").asString()).isEqualTo(failedAgain);
            assertThat(again.get("attempts").intValue()).isEqualTo(10);
            assertThat(application
                            .json(LETTERS + "/" + again.get("id"))
                            .get("headers")
                            .isNull())
                    .as("nothing is left of the message")
                    .isFalse();
        }

        private static ParkedMessage failed(String at) {
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .messageId("m1")
                    .headers(Map.of("x-attempts", 5, "x-last-failed-at", at))
                    .build();
            return new ParkedMessage("order.created", properties, "{}".getBytes(UTF_8));
        }

        /** A process that dies in between sends again, and so does one whose lease has ended. */
        @Test
        void thatWasSentTwiceHasItsEffectOnce() throws Exception {
            application.publish("user.registered", registered(1, "ann@example.org"));
            breakOrders();
            String id = application.publish("order.created", created(17, 1));
            JsonNode letter = awaitLetter();
            heal();
            application.publish("order.created", created(17, 1), Map.of(), id); // had been sent before the crash
            accepted(retry(letter));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application.ledger())
                            .containsExactlyInAnyOrder("WELCOME SENT", "ORDER_CONFIRMATION 17 PENDING SENT"));
            awaitLetters(0);
            await().during(Duration.ofMillis(500)).until(() -> application.waiting("order.created") == 0);
            assertThat(application.ledger()).hasSize(2);
        }

        @Test
        void thatAnotherInstanceLeftBehindIsTakenUp() throws Exception {
            breakOrders();
            application.publish("order.created", created(17, 1));
            awaitLetter();
            heal();
            application
                    .admin()
                    .sql("update notification.dead_letter set state = 'RETRYING', claim = gen_random_uuid(),"
                            + " due_at = now() + interval '1 second'")
                    .update();
            awaitLetters(0);
            await().atMost(LONG).until(() -> !application.ledger().isEmpty());
        }

        @Test
        void takesAGroup() throws Exception {
            breakOrders();
            for (int order = 1; order <= 3; order++) {
                application.publish("order.created", created(order, 1));
            }
            application.publish("order.created", invalidOrder(4));
            application.publish("order.cancelled", "hello");
            awaitLetters(5);
            heal();
            String error = letters("?error=permission%20denied")
                    .get(0)
                    .get("errorClass")
                    .asString();
            assertThat(accepted(application.post(LETTERS + "/retry", """
                    {"queue":"order.cancelled","errorClass":"%s"}""".formatted(error))))
                    .isZero();
            assertThat(accepted(application.post(LETTERS + "/retry", """
                    {"queue":"order.created","errorClass":"%s"}""".formatted(error))))
                    .isEqualTo(3);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application.ledger()).hasSize(3));
            awaitLetters(2);
        }

        @Test
        void takesAll() throws Exception {
            breakOrders();
            IntStream.rangeClosed(1, 20).forEach(order -> publishOrder(order));
            awaitLetters(20);
            heal();
            assertThat(accepted(application.post(LETTERS + "/retry", "{}"))).isEqualTo(20);
            awaitLetters(0);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(application.ledger()).hasSize(20));
        }

        private void publishOrder(int order) {
            try {
                application.publish("order.created", created(order, 1));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class ADiscard {

        @Test
        void leavesNothing() throws Exception {
            application.publish("order.created", invalidOrder(1));
            JsonNode letter = awaitLetter();
            String path = LETTERS + "/" + letter.get("id");
            assertThat(accepted(application.delete(path))).isEqualTo(1);
            assertThat(application.delete(path).statusCode()).isEqualTo(404);
            assertThat(application
                            .sql
                            .sql("select count(*) from dead_letter")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }

        @Test
        void takesAGroupOrAll() throws Exception {
            application.publish("order.created", invalidOrder(1));
            application.publish("order.created", "hello");
            application.publish("order.cancelled", "hello");
            awaitLetters(3);
            assertThat(accepted(application.post(LETTERS + "/discard", """
                    {"queue":"order.created","errorClass":"%s"}""".formatted(INVALID))))
                    .isEqualTo(1);
            awaitLetters(2);
            assertThat(accepted(application.post(LETTERS + "/discard", """
                    {"queue":"order.created"}"""))).isEqualTo(1);
            assertThat(accepted(application.post(LETTERS + "/discard", "{}"))).isEqualTo(1);
            awaitLetters(0);
        }

        @Test
        void leavesOutWhatIsBeingSentBack() throws Exception {
            application.publish("order.created", invalidOrder(1));
            application.publish("order.created", invalidOrder(2));
            awaitLetters(2);
            JsonNode letter = letters("").get(0);
            String path = LETTERS + "/" + letter.get("id");
            onItsWay(letter, "gen_random_uuid()");

            HttpResponse<String> refused = application.delete(path);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(body(refused).get("code").asString()).isEqualTo("DEAD_LETTER_NOT_DISCARDABLE");
            assertThat(accepted(application.post(LETTERS + "/discard", "{}"))).isEqualTo(1);
            assertThat(awaitLetter().get("id")).isEqualTo(letter.get("id"));

            onItsWay(letter, "null"); // the broker has not taken it
            assertThat(accepted(application.delete(path))).isEqualTo(1);
            awaitLetters(0);
        }

        private static void onItsWay(JsonNode letter, String claim) {
            application
                    .admin()
                    .sql("update notification.dead_letter set state = 'RETRYING', claim = " + claim
                            + ", due_at = now() + interval '1 hour' where dead_letter_id = ?")
                    .param(letter.get("id").longValue())
                    .update();
        }

        @Test
        void needsABodyThatSaysWhat() throws Exception {
            application.publish("order.created", invalidOrder(1));
            awaitLetters(1);
            assertThat(application.post(LETTERS + "/discard").statusCode()).isEqualTo(400);
            assertThat(application
                            .post(LETTERS + "/discard", "{\"queu\":\"order.created\"}")
                            .statusCode())
                    .isEqualTo(422);
            assertThat(application.post(LETTERS + "/discard", "{\"queue\":7}").statusCode())
                    .isEqualTo(422);
            awaitLetters(1);
        }
    }

    @Test
    void everyActionIsWrittenDown() throws Exception {
        application.admin().sql("truncate notification.audit").update();
        application.publish("order.created", invalidOrder(1));
        JsonNode letter = awaitLetter();
        application.post(LETTERS + "/retry", "{\"queue\":\"order.cancelled\"}");
        application.post(LETTERS + "/discard", "{\"queue\":\"order.cancelled\"}");
        application.delete(LETTERS + "/" + letter.get("id"));
        retry(letter);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(application
                                .sql
                                .sql("select actor || ' ' || action || ' ' || outcome from audit order by id")
                                .query(String.class)
                                .list())
                        .contains(
                                "operator POST /api/admin/dead-letters/retry BEGUN",
                                "operator POST /api/admin/dead-letters/retry DONE",
                                "operator POST /api/admin/dead-letters/discard DONE",
                                "operator DELETE /api/admin/dead-letters/{id} DONE",
                                "operator POST /api/admin/dead-letters/{id}/retry BEGUN",
                                "operator POST /api/admin/dead-letters/{id}/retry REFUSED"));
    }

    @Test
    void whoIsShownWhatMayTellOfSomebodyIsWrittenDown() throws Exception {
        application.admin().sql("truncate notification.audit").update();
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .headers(Map.of(
                        "axon-message-type",
                        "UserRegisteredEvent",
                        "from",
                        "ada@example.org",
                        "x-error-class",
                        INVALID,
                        "x-error-message",
                        "no such name: \"Ada\"",
                        "x-error-stacktrace",
                        INVALID + ": no such name: \"Ada\"\n\tat shop.Main.run(Main.java:7)\nCaused by: Ada"))
                .build();
        deadLetter("user.registered", """
                {"userId":7,"email":"ada@example.org","fullName":"Ada","nick":"Ada"}""".getBytes(UTF_8), properties);
        String path = LETTERS + "/" + awaitLetter().get("id");

        JsonNode masked = application.json(path + "?personalData=false");

        assertThat(masked.toString()).doesNotContainIgnoringCase("ada");
        assertThat(masked.get("body").asString())
                .isEqualTo("{\"userId\":7,\"email\":\"[masked]\",\"fullName\":\"[masked]\",\"nick\":\"[masked]\"}");
        assertThat(masked.get("error").asString()).isEqualTo("no such name: ?");
        assertThat(masked.get("headers").toString())
                .isEqualTo("{\"axon-message-type\":\"UserRegisteredEvent\",\"from\":\"[masked]\"}");
        assertThat(masked.get("stackTrace").asString()).isEqualTo(INVALID + "\n\tat shop.Main.run(Main.java:7)");
        for (String list : List.of(LETTERS, LETTERS + "/groups")) {
            assertThat(application.json(list + "?personalData=false").toString())
                    .contains("no such name: ?")
                    .doesNotContainIgnoringCase("ada");
        }
        String audit = "select action || ' ' || outcome from audit where action like 'GET%' order by id";
        assertThat(application.sql.sql(audit).query(String.class).list()).isEmpty();

        assertThat(application.json(path).get("body").asString()).contains("ada@example.org");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                application.sql.sql(audit).query(String.class).list())
                        .containsExactly(
                                "GET /api/admin/dead-letters/{id} BEGUN", "GET /api/admin/dead-letters/{id} DONE"));
    }

    @Test
    void oldOnesAreRemoved() throws Exception {
        application.publish("order.created", invalidOrder(1));
        application.publish("order.created", invalidOrder(2));
        awaitLetters(2);
        application
                .admin()
                .sql("update notification.dead_letter set collected_at = now() - interval '31 days'"
                        + " where dead_letter_id = (select min(dead_letter_id) from notification.dead_letter)")
                .update();
        awaitLetters(1);
    }

    @Test
    void oldOnesThatAreToBeSentBackStay() throws Exception {
        application.publish("order.created", invalidOrder(1));
        application.publish("order.created", invalidOrder(2));
        awaitLetters(2);
        application
                .admin()
                .sql("update notification.dead_letter set state = 'RETRYING', due_at = now() + interval '1 hour'"
                        + " where dead_letter_id = (select min(dead_letter_id) from notification.dead_letter)")
                .update();
        application
                .admin()
                .sql("update notification.dead_letter set collected_at = now() - interval '31 days'")
                .update();
        awaitLetters(1);
        await().during(Duration.ofSeconds(1))
                .atMost(LONG)
                .until(() -> letters("").size() == 1);
    }
}
