package dev.eventshop.messaging;

import static dev.eventshop.messaging.BrokerClient.properties;
import static dev.eventshop.messaging.RunningApplication.EXCHANGE;
import static dev.eventshop.messaging.WhenCountedThenRecord.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.InputMismatchException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** From the queue to the subscribed method, and the ways on which that can go wrong. */
@ParameterizedClass
@MethodSource("brokers")
class SubscribingIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final String DEAD = QUEUE + ".dlq";

    private static TestDatabase database;

    @Parameter
    private TestBroker broker;

    private BrokerClient client;
    private JdbcClient admin;
    private TcpProxy brokerProxy;
    private TcpProxy databaseProxy;
    private RunningApplication application;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeParameterizedClassInvocation
    static void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterParameterizedClassInvocation
    static void dropDatabase() {
        database.close();
    }

    @BeforeEach
    void open() throws Exception {
        clean();
        client = new BrokerClient(broker);
        URI uri = URI.create(broker.uri());
        brokerProxy = TcpProxy.to(uri.getPort());
        URI jdbc = URI.create(database.url().substring("jdbc:".length()));
        databaseProxy = TcpProxy.to(jdbc.getPort());
        admin = JdbcClient.create(database.admin());
    }

    @AfterEach
    void close() throws Exception {
        if (application != null) {
            application.close();
        }
        client.close();
        clean();
        brokerProxy.close();
        databaseProxy.close();
        if (tableExists()) {
            admin.sql("truncate notification.effect, notification.message_inbox")
                    .update();
        }
    }

    private boolean tableExists() {
        return admin.sql("select to_regclass('notification.message_inbox') is not null")
                .query(Boolean.class)
                .single();
    }

    private void clean() {
        broker.purge(EXCHANGE, QUEUE, DEAD);
    }

    private RunningApplication start() {
        return start(Map.of());
    }

    private RunningApplication start(Map<String, String> properties) {
        application = run(properties);
        awaitConsumers();
        return application;
    }

    private RunningApplication run(Map<String, String> properties) {
        return new RunningApplication(database, throughProxy(), withDatabaseProxy(properties));
    }

    private String throughProxy() {
        URI uri = URI.create(broker.uri());
        return broker.uri().replace(":" + uri.getPort(), ":" + brokerProxy.port());
    }

    private Map<String, String> withDatabaseProxy(Map<String, String> properties) {
        URI jdbc = URI.create(database.url().substring("jdbc:".length()));
        Map<String, String> all = new HashMap<>(properties);
        all.put(
                "spring.datasource.url",
                "jdbc:postgresql://127.0.0.1:" + databaseProxy.port() + jdbc.getPath() + "?connectTimeout=2");
        return all;
    }

    private void awaitConsumers() {
        await().atMost(LONG).ignoreExceptions().until(() -> client.channel().consumerCount(QUEUE) == 1);
    }

    /** Whoever keeps the consumers running has ended. */
    private static boolean hasTheStopBegun() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("messaging-subscriptions"));
    }

    private void send(int... numbers) throws Exception {
        for (int number : numbers) {
            send("m" + number, new Counted(number).json());
        }
    }

    private void send(String messageId, String json) throws Exception {
        client.publish(EXCHANGE, "counted.up", properties(messageId, "Counted").build(), json);
    }

    private void awaitEffects(Integer... numbers) {
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(application.effects()).containsExactly(numbers));
    }

    /** Nothing is ready and nothing is unacknowledged: what is not acknowledged comes back when the consumer goes. */
    private void assertAllAcknowledged() {
        application.close();
        await().during(SHORT).until(() -> client.ready(QUEUE) == 0);
    }

    private GetResponse awaitDeadLetter() {
        List<GetResponse> dead = new ArrayList<>();
        await().atMost(LONG).ignoreExceptions().until(() -> dead.addAll(client.take(DEAD)));
        assertThat(dead).hasSize(1);
        // It is in its queue before the broker has confirmed it, and is acknowledged after that.
        await().atMost(LONG).until(() -> application.count("dead.lettered") > 0);
        return dead.get(0);
    }

    private static String header(GetResponse message, String name) {
        return String.valueOf(message.getProps().getHeaders().get(name));
    }

    private int inboxRows(String condition) {
        return admin.sql("select count(*) from notification.message_inbox where " + condition)
                .query(Integer.class)
                .single();
    }

    @Nested
    class AMessage {

        @Test
        void hasItsEffectAndIsAcknowledged() throws Exception {
            start();
            Map<String, Object> headers = new HashMap<>(Map.of(
                    "axon-message-type",
                    "Counted",
                    "axon-metadata-locale",
                    "vi",
                    "x-replay",
                    true,
                    "list",
                    List.of("a")));
            client.publish(
                    EXCHANGE,
                    "counted.up",
                    properties("m1", "Counted").headers(headers).build(),
                    "{\"number\":1,\"text\":\"é\",\"unknown\":{}}");
            send(2);
            awaitEffects(1, 2);

            MessageContext first = application.script.contexts.get(0);
            assertThat(first.messageId()).isEqualTo("m1");
            assertThat(first.replay()).isTrue();
            assertThat(first.headers())
                    .containsEntry("axon-metadata-locale", "vi")
                    .containsEntry("list", List.of("a"));
            assertThat(application.script.contexts.get(1).replay()).isFalse();
            assertThat(inboxRows("handled and queue = 'test.counted' and message_id in ('m1', 'm2')"))
                    .isEqualTo(2);
            assertThat(application.count("received")).isEqualTo(2);
            assertAllAcknowledged();
        }

        @Test
        void isHandledInItsTrace() throws Exception {
            start();
            List<String> logged = new CopyOnWriteArrayList<>();
            application.script.then = event -> logged.add(String.valueOf(MDC.get("traceId")));
            String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            client.publish(
                    EXCHANGE,
                    "counted.up",
                    properties("m1", "Counted")
                            .headers(Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"))
                            .build(),
                    new Counted(1).json());
            awaitEffects(1);
            send(2);
            awaitEffects(1, 2);

            assertThat(logged).containsExactly(trace, "null");
            assertThat(application.script.contexts.get(0).traceId()).isEqualTo(trace);
            assertThat(application.script.contexts.get(1).traceId()).isNull();
        }

        @Test
        void hasNoSecondEffect() throws Exception {
            start();
            for (int i = 0; i < 5; i++) {
                send("m1", new Counted(1).json());
            }
            send(2);
            awaitEffects(1, 2);
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(application.count("duplicates")).isEqualTo(4));
            assertThat(application.script.calls).containsExactlyInAnyOrder(1, 2);
            assertAllAcknowledged();
        }

        @Test
        void ofAnOlderRevisionIsBroughtUpToDate() throws Exception {
            application = new RunningApplication(
                    database,
                    throughProxy(),
                    withDatabaseProxy(Map.of()),
                    RunningApplication.UpcastingApplication.class);
            awaitConsumers();
            AMQP.BasicProperties older = properties("m1", "Counted")
                    .headers(Map.of("axon-message-revision", "1.0"))
                    .build();
            client.publish(EXCHANGE, "counted.up", older, "{\"count\":7}");
            awaitEffects(7);
        }

        @Test
        void amongManyIsHandledBySeveralConsumers() throws Exception {
            application = run(Map.of("eventshop.messaging.consumers", "3"));
            await().atMost(LONG).ignoreExceptions().until(() -> client.channel().consumerCount(QUEUE) == 3);
            CountDownLatch together = new CountDownLatch(3);
            application.script.then = event -> {
                together.countDown();
                together.await(LONG.toSeconds(), TimeUnit.SECONDS);
            };
            for (int i = 0; i < 1000; i++) {
                send("m" + i, new Counted(i).json());
            }
            awaitEffects(IntStream.range(0, 1000).boxed().toArray(Integer[]::new));
            assertThat(together.getCount()).isZero();
            assertAllAcknowledged();
        }
    }

    @Nested
    class MessagesThatHaveComeByThen {

        private final CountDownLatch goOn = new CountDownLatch(1);

        /** While message 0 is in work, the others come. */
        private void sendWhileOneIsInWork(Map<String, String> properties, int... numbers) throws Exception {
            start(properties);
            CountDownLatch inWork = new CountDownLatch(1);
            WhenCountedThenRecord.Script.Action then = application.script.then;
            application.script.then = event -> {
                inWork.countDown();
                goOn.await(LONG.toSeconds(), TimeUnit.SECONDS);
            };
            send(0);
            assertThat(inWork.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            application.script.then = then;
            send(numbers);
            await().atMost(LONG).until(() -> application.count("received") == 1 + numbers.length);
        }

        private int transactions() {
            return admin.sql("select count(distinct xmin::text) from notification.effect")
                    .query(Integer.class)
                    .single();
        }

        @Test
        void shareATransaction() throws Exception {
            sendWhileOneIsInWork(Map.of(), 1, 2, 3, 3, 4, 5);
            goOn.countDown();
            awaitEffects(0, 1, 2, 3, 4, 5);
            assertThat(transactions()).isEqualTo(2);
            assertThat(application.script.calls).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(application.count("duplicates")).isEqualTo(1);
            assertAllAcknowledged();
        }

        @Test
        void areNoMoreThanAllowed() throws Exception {
            sendWhileOneIsInWork(Map.of("eventshop.messaging.together", "2"), 1, 2, 3, 4, 5);
            goOn.countDown();
            awaitEffects(0, 1, 2, 3, 4, 5);
            assertThat(transactions()).isEqualTo(4);
            assertAllAcknowledged();
        }

        @Test
        void haveTheirEffectOnceWhenOneOfThemFails() throws Exception {
            sendWhileOneIsInWork(Map.of(), 1, 2, 3, 4);
            application.script.then = event -> {
                if (event.number() == 3) {
                    throw new IllegalArgumentException("not this one");
                }
            };
            goOn.countDown();
            assertThat(header(awaitDeadLetter(), "x-attempts")).isEqualTo("1");
            awaitEffects(0, 1, 2, 4);
            assertThat(transactions()).isEqualTo(4);
            assertThat(inboxRows("handled")).isEqualTo(4);
            assertAllAcknowledged();
        }

        @Test
        void areAcknowledgedWithoutOneThatIsHeld() throws Exception {
            sendWhileOneIsInWork(
                    Map.of("eventshop.messaging.first-retry", "1h", "eventshop.messaging.longest-retry", "1h"),
                    1,
                    2,
                    3);
            application.script.then = event -> {
                if (event.number() == 1) {
                    throw new IllegalStateException("not now");
                }
            };
            goOn.countDown();
            awaitEffects(0, 2, 3);
            send(4, 5, 6, 7);
            awaitEffects(0, 2, 3, 4, 5, 6, 7);
            application.close();
            await().atMost(LONG).until(() -> client.ready(QUEUE) > 0);
            assertThat(client.take(QUEUE))
                    .extracting(message -> message.getProps().getMessageId())
                    .containsExactly("m1");
        }

        /** As history is republished into a queue that has other messages too. */
        @Test
        void mayBeHistoryAmongThem() throws Exception {
            application = new RunningApplication(
                    database,
                    throughProxy(),
                    withDatabaseProxy(Map.of()),
                    RunningApplication.PastInboxApplication.class);
            awaitConsumers();
            CountDownLatch inWork = new CountDownLatch(1);
            application.script.then = event -> {
                inWork.countDown();
                goOn.await(LONG.toSeconds(), TimeUnit.SECONDS);
            };
            send(0);
            assertThat(inWork.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            application.script.then = event -> {};
            for (int number = 1; number <= 4; number++) {
                client.publish(
                        EXCHANGE,
                        "counted.up",
                        properties("m" + number, "Counted")
                                .headers(number % 2 == 0 ? Map.of("x-replay", "true") : Map.of())
                                .build(),
                        new Counted(number).json());
            }
            await().atMost(LONG).until(() -> application.count("received") == 5);
            goOn.countDown();
            awaitEffects(0, 1, 2, 3, 4);
            assertThat(inboxRows("handled and message_id in ('m0', 'm1', 'm3')"))
                    .isEqualTo(inboxRows("true"))
                    .isEqualTo(3);
            assertAllAcknowledged();
        }
    }

    @Nested
    class HistorySentAgain {

        private void startPastInbox() {
            application = new RunningApplication(
                    database,
                    throughProxy(),
                    withDatabaseProxy(Map.of()),
                    RunningApplication.PastInboxApplication.class);
            awaitConsumers();
        }

        private void sendAgain(int number) throws Exception {
            AMQP.BasicProperties sent = properties("m" + number, "Counted")
                    .headers(Map.of("axon-message-type", "Counted", "axon-message-revision", "2.0", "x-replay", true))
                    .build();
            client.publish("", QUEUE, sent, new Counted(number).json());
        }

        @Test
        void isAMessageLikeAnyOtherUnlessAskedFor() throws Exception {
            start();
            send(1);
            awaitEffects(1);
            sendAgain(1);
            sendAgain(2);
            send(2);

            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(application.count("duplicates")).isEqualTo(2));
            assertThat(application.effects()).containsExactly(1, 2);
        }

        @Test
        void comesPastTheInboxEachTimeAndIsNotNoted() throws Exception {
            startPastInbox();
            send(1);
            awaitEffects(1);
            sendAgain(1);
            sendAgain(1);
            awaitEffects(1, 1, 1);
            sendAgain(2);
            awaitEffects(1, 1, 1, 2);
            assertThat(inboxRows("message_id = 'm2'")).isZero();

            send(2);
            send(2);

            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(application.count("duplicates")).isEqualTo(1));
            assertThat(application.effects()).containsExactly(1, 1, 1, 2, 2);
            assertAllAcknowledged();
        }

        @Test
        void goesToTheDeadLettersWhenItKeepsFailingAndLeavesTheInboxAlone() throws Exception {
            startPastInbox();
            application.script.then = event -> {
                if (application.script.calls.size() > 1) {
                    throw new IllegalStateException("not again");
                }
            };
            send(1);
            awaitEffects(1);

            sendAgain(1);

            GetResponse dead = awaitDeadLetter();
            assertThat(header(dead, "x-attempts")).isEqualTo("3");
            assertThat(header(dead, "x-replay")).isEqualTo("true");
            assertThat(Instant.parse(header(dead, "x-first-failed-at")))
                    .isBefore(Instant.parse(header(dead, "x-last-failed-at")));
            assertThat(application.effects()).containsExactly(1);
            assertThat(inboxRows("handled and attempts = 0 and message_id = 'm1'"))
                    .isEqualTo(1);
            assertAllAcknowledged();
        }
    }

    @Nested
    class AFailureForNow {

        @Test
        void isTriedAgainWhileOthersGoOn() throws Exception {
            start(Map.of("eventshop.messaging.attempts", "10000", "eventshop.messaging.together", "1"));
            application.script.then = event -> {
                if (event.number() == 1 && !application.script.calls.containsAll(List.of(2, 3))) {
                    throw new IOException("not before the others");
                }
            };
            send(1, 2, 3);
            awaitEffects(1, 2, 3);
            int failures = Collections.frequency(application.script.calls, 1) - 1;
            assertThat(application.count("retried")).isEqualTo(failures).isPositive();
            assertThat(inboxRows("message_id = 'm1' and handled and attempts = " + failures))
                    .isEqualTo(1);
            assertAllAcknowledged();
            assertThat(client.ready(DEAD)).isZero();
        }

        @Test
        void thatDoesNotEndLeadsToTheDeadLetters() throws Exception {
            start();
            application.script.then = event -> {
                throw new IllegalStateException("never");
            };
            Instant before = Instant.now();
            send(1);
            GetResponse dead = awaitDeadLetter();
            assertThat(application.script.calls).containsExactly(1, 1, 1);
            assertThat(dead.getBody()).asString().isEqualTo("{\"number\":1}");
            assertThat(header(dead, "x-attempts")).isEqualTo("3");
            assertThat(header(dead, "x-error-class")).isEqualTo("java.lang.IllegalStateException");
            assertThat(header(dead, "x-error-message")).isEqualTo("never");
            assertThat(Instant.parse(header(dead, "x-first-failed-at")))
                    .isBefore(Instant.parse(header(dead, "x-last-failed-at")))
                    .isAfter(before.minusSeconds(60));
            assertThat(application.effects()).isEmpty();
            assertThat(inboxRows("true")).isZero();

            application.script.then = event -> {};
            client.publish("", QUEUE, dead.getProps(), dead.getBody());
            awaitEffects(1);
            assertAllAcknowledged();
        }

        @Test
        void isCountedOverARestart() throws Exception {
            start(Map.of("eventshop.messaging.first-retry", "1h", "eventshop.messaging.longest-retry", "1h"));
            application.script.then = event -> {
                throw new IllegalStateException("never");
            };
            send(1);
            await().atMost(LONG).until(() -> inboxRows("attempts = 1 and not handled") == 1);
            application.close();
            await().atMost(LONG).until(() -> client.ready(QUEUE) == 1);

            admin.sql("update notification.message_inbox set attempts = 2").update();
            application = run(Map.of());
            application.script.then = event -> {
                throw new IllegalStateException("never");
            };
            assertThat(header(awaitDeadLetter(), "x-attempts")).isEqualTo("3");
            assertThat(application.script.calls).containsExactly(1);
        }

        @Test
        void ofTheCommitIsOneToo() throws Exception {
            start();
            AtomicInteger failures = new AtomicInteger(1);
            application.script.then = event ->
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void beforeCommit(boolean readOnly) {
                            if (failures.getAndDecrement() > 0) {
                                throw new IllegalStateException("no commit");
                            }
                        }
                    });
            send(1);
            awaitEffects(1);
            assertThat(application.script.calls).containsExactly(1, 1);
            assertAllAcknowledged();
        }
    }

    @Nested
    class AFailureForGood {

        static class Broken extends RuntimeException implements PermanentFailure {
            private static final long serialVersionUID = 1L;

            Broken(String message) {
                super(message);
            }
        }

        static Stream<RuntimeException> failures() {
            return Stream.of(
                    new Broken("broken"),
                    new IllegalStateException("broken", new Broken("inside")),
                    new IllegalArgumentException("broken"));
        }

        @ParameterizedTest
        @MethodSource("failures")
        void leadsToTheDeadLettersAtOnce(RuntimeException failure) throws Exception {
            start(Map.of("eventshop.messaging.together", "1"));
            application.script.then = event -> {
                if (event.number() == 1) {
                    throw failure;
                }
            };
            send(1, 2);
            GetResponse dead = awaitDeadLetter();
            assertThat(header(dead, "x-attempts")).isEqualTo("1");
            assertThat(header(dead, "x-error-class"))
                    .isEqualTo(failure.getClass().getName());
            assertThat(header(dead, "x-error-message")).startsWith("broken");
            assertThat(header(dead, "x-error-stacktrace"))
                    .contains("SubscribingIT")
                    .hasSizeLessThan(8200);
            awaitEffects(2);
            assertThat(application.script.calls).containsExactly(1, 2);
            assertAllAcknowledged();
        }

        @Test
        void keepsTheMessageAsItWas() throws Exception {
            start();
            application.script.then = event -> {
                throw new Broken("x".repeat(100_000));
            };
            Map<String, Object> headers = new HashMap<>();
            headers.put("axon-message-type", "Counted");
            headers.put("bytes", new byte[] {1, 2});
            headers.put("nested", Map.of("list", List.of("a", 2)));
            headers.put("CC", List.of(QUEUE)); // of RabbitMQ's own: one more copy for that queue
            AMQP.BasicProperties sent = properties("m1", "Counted")
                    .headers(headers)
                    .contentEncoding("UTF-8")
                    .correlationId("c1")
                    .replyTo("somewhere")
                    .priority(3)
                    .timestamp(new Date(1_700_000_000_000L))
                    .appId("sender")
                    .expiration(broker.isRabbitMq() ? "3600000" : "4000000000000") // a moment, to Qpid
                    .deliveryMode(1)
                    .build();
            client.publish(EXCHANGE, "counted.down", sent, "{\"number\":1, \"text\":\"as it is\"}");
            GetResponse letter = awaitDeadLetter();
            await().during(SHORT).until(() -> client.ready(DEAD) == 0);
            assertThat(letter.getBody()).asString().isEqualTo("{\"number\":1, \"text\":\"as it is\"}");
            assertThat(letter.getProps())
                    .usingRecursiveComparison()
                    .ignoringFields("headers", "deliveryMode", "expiration", "bodySize")
                    .isEqualTo(sent);
            assertThat(letter.getProps().getDeliveryMode()).isEqualTo(2);
            assertThat(letter.getProps().getExpiration()).isNull();
            assertThat(letter.getProps().getHeaders())
                    .containsEntry("bytes", new byte[] {1, 2})
                    .doesNotContainKey("CC");
            assertThat(header(letter, "nested")).contains("list");
            assertThat(header(letter, "x-original-expiration")).isEqualTo(sent.getExpiration());
            assertThat(header(letter, "x-original-cc")).contains(QUEUE);
            assertThat(header(letter, "x-original-queue")).isEqualTo(QUEUE);
            assertThat(header(letter, "x-original-routing-key")).isEqualTo("counted.down");
            assertThat(header(letter, "x-error-message")).hasSizeBetween(1000, 1010);
            assertThat(header(letter, "x-error-stacktrace")).hasSizeBetween(8000, 8010);
            assertThat(application.count("dead.lettered")).isEqualTo(1);
            assertAllAcknowledged();
        }

        @Test
        void waitsForAQueueThatTakesIt() throws Exception {
            start();
            client.channel().queueDelete(DEAD);
            client.channel().queueDeclare(DEAD, false, true, false, null); // another one, and not for everybody
            application.script.then = event -> {
                if (event.number() == 1) {
                    throw new Broken("broken");
                }
            };
            send(1, 2);
            awaitEffects(2);
            client.channel().queueDelete(DEAD);
            GetResponse dead = awaitDeadLetter();
            assertThat(dead.getProps().getMessageId()).isEqualTo("m1");
            assertAllAcknowledged();
        }
    }

    @Nested
    class ALostConnection {

        @Test
        void betweenCommitAndAcknowledgementHasNoSecondEffect() throws Exception {
            start();
            AtomicInteger crashes = new AtomicInteger(1);
            application.script.then = event ->
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            if (crashes.getAndDecrement() > 0) {
                                brokerProxy.breakConnections();
                            }
                        }
                    });
            send(1);
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(application.count("duplicates")).isEqualTo(1));
            assertThat(application.effects()).containsExactly(1);
            assertThat(application.script.calls).containsExactly(1);
            assertAllAcknowledged();
        }

        @Test
        void isReplacedAndNothingIsLost() throws Exception {
            start();
            for (int i = 0; i < 300; i++) {
                send(i);
                if (i % 100 == 50) {
                    brokerProxy.breakConnections();
                }
            }
            awaitEffects(IntStream.range(0, 300).boxed().toArray(Integer[]::new));
            assertAllAcknowledged();
        }

        @Test
        void doesNotKeepARetryFromBeingTriedElsewhere() throws Exception {
            start(Map.of("eventshop.messaging.first-retry", "2s", "eventshop.messaging.longest-retry", "2s"));
            AtomicInteger failures = new AtomicInteger(1);
            application.script.then = event -> {
                if (failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("not now");
                }
            };
            send(1);
            await().atMost(LONG).until(() -> application.script.calls.size() == 1);
            brokerProxy.breakConnections();
            awaitEffects(1);
            await().during(Duration.ofSeconds(3)).until(() -> application.script.calls.size() == 2);
            assertAllAcknowledged();
        }

        @Test
        void whileTheBrokerIsAwayForAWhile() throws Exception {
            start();
            brokerProxy.cut();
            send(1);
            await().during(Duration.ofSeconds(3)).until(() -> application.script.calls.isEmpty());
            brokerProxy.connect();
            awaitEffects(1);
        }
    }

    @Nested
    class TheStart {

        @Test
        void doesNotWaitForTheBroker() throws Exception {
            brokerProxy.cut();
            application = run(Map.of());
            assertThat(application.context.isRunning()).isTrue();
            brokerProxy.connect();
            awaitConsumers();
            send(1);
            awaitEffects(1);
        }

        @Test
        void declaresTheQueueAndItsDeadLetters() throws Exception {
            start();
            assertThat(client.ready(QUEUE)).isZero();
            assertThat(client.ready(DEAD)).isZero();
        }

        @Test
        void isFollowedByAnotherWhenTheQueueIsDeleted() throws Exception {
            start();
            client.deleteQueue(QUEUE);
            awaitConsumers();
            send(1);
            awaitEffects(1);
            assertThat(client.ready(DEAD)).isZero();
        }
    }

    @Nested
    class TheStop {

        @Test
        void letsTheMessageInWorkEndAndGivesTheOthersBack() throws Exception {
            start(Map.of("eventshop.messaging.together", "1"));
            CountDownLatch inWork = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            application.script.then = event -> {
                inWork.countDown();
                goOn.await(LONG.toSeconds(), TimeUnit.SECONDS);
            };
            send(1, 2, 3);
            assertThat(inWork.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Thread stop = new Thread(application::close);
            stop.start();
            await().atMost(LONG).until(SubscribingIT::hasTheStopBegun);
            goOn.countDown();
            stop.join(LONG.toMillis());

            assertThat(admin.sql("select number from notification.effect")
                            .query(Integer.class)
                            .list())
                    .containsExactly(1);
            await().atMost(LONG).until(() -> client.ready(QUEUE) == 2);
            assertThat(client.take(QUEUE))
                    .extracting(message -> message.getProps().getMessageId())
                    .containsExactly("m2", "m3");
        }

        @Test
        void canBeFollowedByAStart() throws Exception {
            start();
            application.context.stop();
            send(1);
            await().during(SHORT).until(() -> client.ready(QUEUE) == 1);
            application.context.start();
            awaitEffects(1);
        }
    }

    @Nested
    class ADatabaseThatIsAway {

        @Test
        void isWaitedForAndBurnsNoAttempts() throws Exception {
            start();
            send(0);
            awaitEffects(0);
            databaseProxy.cut();
            send(IntStream.rangeClosed(1, 150).toArray());
            // Longer than all attempts together would take.
            await().during(Duration.ofSeconds(6)).atMost(LONG).until(() -> client.ready(DEAD) == 0);
            databaseProxy.connect();
            awaitEffects(IntStream.rangeClosed(0, 150).boxed().toArray(Integer[]::new));
            assertThat(inboxRows("attempts > 0")).isZero();
            assertThat(client.ready(DEAD)).isZero();
            assertAllAcknowledged();
        }

        @Test
        void inTheMiddleOfAMessageIsWaitedForToo() throws Exception {
            start();
            AtomicInteger outages = new AtomicInteger(1);
            application.script.then = event -> {
                if (outages.getAndDecrement() > 0) {
                    databaseProxy.breakConnections();
                }
            };
            send(1, 2);
            awaitEffects(1, 2);
            assertThat(inboxRows("attempts > 0")).isZero();
            assertAllAcknowledged();
        }

        @Test
        void doesNotHoldUpTheStop() throws Exception {
            start();
            databaseProxy.cut();
            send(1, 2);
            await().atMost(LONG).until(() -> application.count("received") == 2);
            application.close();
            await().atMost(LONG).until(() -> client.ready(QUEUE) == 2);
        }

        /** As with a full disk: the probe, which leaves nothing behind, has room. */
        @Test
        void forAllMessagesIsNobodysFailureThoughItAnswers() throws Exception {
            start();
            application.script.then = event -> {
                throw new UncategorizedSQLException("disk full", "", new SQLException("disk full", "53100"));
            };
            send(1, 2, 3);
            await().atMost(LONG).until(() -> Collections.frequency(application.script.calls, 1) > 15);
            assertThat(client.ready(DEAD)).isZero();
            application.script.then = event -> {};
            awaitEffects(1, 2, 3);
            assertThat(inboxRows("attempts > 0")).isZero();
            assertAllAcknowledged();
        }

        /** Longer than all attempts together would take. */
        @ParameterizedTest
        @ValueSource(strings = {"effect", "message_inbox"})
        void becauseSomebodyHasLockedATableIsNobodysFailure(String table) throws Exception {
            start(Map.of("spring.datasource.hikari.connection-init-sql", "set statement_timeout = '200ms'"));
            send(0);
            awaitEffects(0);
            Integer[] all = IntStream.rangeClosed(0, 20).boxed().toArray(Integer[]::new);
            try (Connection other = database.admin().getConnection();
                    Statement lock = other.createStatement()) {
                other.setAutoCommit(false);
                lock.execute("lock table notification." + table + " in access exclusive mode");
                send(IntStream.rangeClosed(1, 20).toArray());
                await().during(Duration.ofSeconds(6)).atMost(LONG).until(() -> client.ready(DEAD) == 0);
            }
            awaitEffects(all);
            assertThat(inboxRows("attempts > 0")).isZero();
            assertThat(client.ready(DEAD)).isZero();
            assertAllAcknowledged();
        }

        static Stream<RuntimeException> ofItsOwn() {
            return Stream.of(
                    new CannotGetJdbcConnectionException("of its own"),
                    new QueryTimeoutException("of its own", new SQLException("statement timeout", "57014")),
                    new CannotAcquireLockException("of its own", new SQLException("deadlock", "40P01")));
        }

        @ParameterizedTest
        @MethodSource("ofItsOwn")
        void forOneMessageOnlyIsThatMessagesFailure(RuntimeException failure) throws Exception {
            start(Map.of("eventshop.messaging.together", "1"));
            application.script.then = event -> {
                if (event.number() == 1) {
                    throw failure;
                }
            };
            send(1, 2);
            awaitEffects(2);
            await().atMost(LONG).until(() -> Collections.frequency(application.script.calls, 1) > 10);
            assertThat(inboxRows("message_id = 'm1' and attempts = 1"))
                    .as("counted once, since one other message had its effect")
                    .isEqualTo(1);
            assertThat(client.ready(DEAD)).isZero();
            AtomicInteger others = new AtomicInteger(2);
            await().atMost(LONG).until(() -> {
                send(others.incrementAndGet());
                return client.ready(DEAD) == 1;
            });
            assertThat(header(awaitDeadLetter(), "x-attempts")).isEqualTo("3");
        }
    }

    /** What decides once more where the broker keeps messages in another way, and gives them back in another. */
    @Nested
    class OnQuorumQueues {

        private static final String TYPE = "eventshop.messaging.queue-type";
        private static final String QUORUM = "quorum";

        @BeforeEach
        void isOfRabbitMq() {
            assumeTrue(broker.isRabbitMq());
        }

        @Test
        void attemptsAreCountedOverARestartAndADeadLetterCanBeSentBack() throws Exception {
            start(Map.of(
                    TYPE, QUORUM, "eventshop.messaging.first-retry", "1h", "eventshop.messaging.longest-retry", "1h"));
            application.script.then = event -> {
                throw new IllegalStateException("never");
            };
            send(1);
            await().atMost(LONG).until(() -> inboxRows("attempts = 1 and not handled") == 1);
            application.close();
            await().atMost(LONG).until(() -> client.ready(QUEUE) == 1);

            application = run(Map.of(TYPE, QUORUM));
            application.script.then = event -> {
                throw new IllegalStateException("never");
            };
            GetResponse dead = awaitDeadLetter();
            assertThat(header(dead, "x-attempts")).isEqualTo("3");
            assertThat(application.script.calls).containsExactly(1, 1);

            application.script.then = event -> {};
            client.publish("", QUEUE, dead.getProps(), dead.getBody());
            awaitEffects(1);
            assertAllAcknowledged();
        }

        @Test
        void aDatabaseThatIsAwayBurnsNoAttempts() throws Exception {
            start(Map.of(TYPE, QUORUM));
            databaseProxy.cut();
            send(IntStream.rangeClosed(1, 150).toArray());
            await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> client.ready(DEAD) == 0);
            brokerProxy.breakConnections();
            databaseProxy.connect();
            awaitEffects(IntStream.rangeClosed(1, 150).boxed().toArray(Integer[]::new));
            assertThat(inboxRows("attempts > 0")).isZero();
            assertThat(client.ready(DEAD)).isZero();
            assertAllAcknowledged();
        }
    }

    @Nested
    class ADependencyThatIsAway {

        private static final class Away extends RuntimeException implements DependencyUnavailable {
            private static final long serialVersionUID = 1L;
        }

        @Test
        void isWaitedForAndBurnsNoAttempts() throws Exception {
            start();
            application.script.then = event -> {
                throw new IllegalStateException(new Away());
            };
            send(1, 2);
            await().atMost(LONG).until(() -> application.script.calls.size() > 3);
            assertThat(application.script.calls).as("the consumer pauses").containsOnly(1);
            application.script.then = event -> {};
            awaitEffects(1, 2);
            assertThat(inboxRows("attempts > 0")).isZero();
            assertThat(client.ready(DEAD)).isZero();
            assertAllAcknowledged();
        }
    }

    @Nested
    class APolicyOfAQueue {

        private static final String OWN = "eventshop.messaging.queues[" + QUEUE + "].";

        @Test
        void bringsItsOwnAttempts() throws Exception {
            start(Map.of(OWN + "attempts", "2"));
            application.script.then = event -> {
                throw new IllegalStateException("no");
            };
            send(1);
            assertThat(header(awaitDeadLetter(), "x-attempts")).isEqualTo("2");
            assertThat(application.script.calls).hasSize(2);
        }

        @Test
        void bringsItsOwnPermanentErrors() throws Exception {
            start(Map.of(OWN + "permanent-errors", "java.util.NoSuchElementException"));
            application.script.then = event -> {
                throw new InputMismatchException("no"); // a kind of it
            };
            send(1);
            assertThat(header(awaitDeadLetter(), "x-attempts")).isEqualTo("1");
        }

        @Test
        void isRefusedForAQueueThatNobodyIsSubscribedTo() {
            assertThatThrownBy(() -> run(Map.of("eventshop.messaging.queues[misspelt].attempts", "2")))
                    .rootCause()
                    .hasMessageContaining("[misspelt]");
        }
    }
}
