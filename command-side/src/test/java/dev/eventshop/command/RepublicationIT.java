package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.command.Exchange.Seen;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** From the event store to one queue, on every broker at hand. */
@ParameterizedClass
@MethodSource("brokers")
class RepublicationIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String PATH = "/api/admin/republications";
    private static final String QUEUE = "test.history";

    @Parameter
    private TestBroker broker;

    private TestDatabase database;
    private JdbcTemplate sql;
    private Connection connection;
    private Channel channel;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeEach
    void start() throws Exception {
        broker.purge(QUEUE);
        database = TestDatabase.create();
        sql = new JdbcTemplate(database.admin());
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        database.close();
        broker.purge(QUEUE);
    }

    private RunningCommandSide commandSide(String... more) {
        return RunningCommandSide.start(database, properties(broker.uri(), more));
    }

    private static String[] properties(String uri, String... more) {
        return Stream.concat(
                        Stream.of(
                                "spring.rabbitmq.addresses=" + uri,
                                "eventshop.messaging.confirm-timeout=3s",
                                "eventshop.command-side.forwarder.longest-retry=500ms",
                                "eventshop.command-side.republications.longest-retry=500ms",
                                "eventshop.command-side.republications.look-interval=200ms",
                                "eventshop.command-side.republications.lease=2s"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private List<GetResponse> taken() throws IOException {
        List<GetResponse> all = new ArrayList<>();
        for (GetResponse one = channel.basicGet(QUEUE, true); one != null; one = channel.basicGet(QUEUE, true)) {
            all.add(one);
        }
        return all;
    }

    private List<String> takenIds() throws IOException {
        return taken().stream().map(one -> one.getProps().getMessageId()).toList();
    }

    private List<String> storedIds(String condition) {
        return sql.queryForList(
                "select event_id::text from event_store.domain_event where event_type in ('ProductStockUpdatedEvent',"
                        + " 'OrderCreatedEvent', 'OrderStatusChangedEvent', 'OrderCancelledEvent',"
                        + " 'OrderCompletedEvent', 'UserRegisteredEvent', 'UserPersonalDataErasedEvent') and "
                        + condition + " order by transaction_id, global_index",
                String.class);
    }

    private static void stockUpdates(CommandSideClient shop, int count) {
        int product = shop.product(0);
        for (int i = 0; i < count; i++) {
            shop.adjust(product, 1).expect(204);
        }
    }

    private static void awaitAllForwarded(CommandSideClient shop) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(shop.get("/api/admin/forwarder")
                                .json()
                                .get("lagEvents")
                                .intValue())
                        .isZero());
    }

    /** @return path of the republication */
    private static String republish(CommandSideClient shop, String more) {
        Answer answer = shop.post(PATH, "{\"queue\":\"" + QUEUE + "\"" + more.replace('\'', '"') + "}")
                .expect(202);
        String location = answer.header("Location");
        assertThat(location).isEqualTo(PATH + "/" + answer.json().get("id"));
        return location;
    }

    private static JsonNode awaitState(CommandSideClient shop, String path, String state) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(shop.get(path).json().get("state").asString())
                                .isEqualTo(state));
        return shop.get(path).json();
    }

    private static void awaitProcessed(CommandSideClient shop, String path, int atLeast) {
        await().atMost(LONG).until(() -> shop.get(path).json().get("processed").intValue() >= atLeast);
    }

    @Test
    void sendsEachMessageAsItWasPublishedAndToThatQueueOnly() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                RunningCommandSide shop = commandSide("eventshop.command-side.republications.batch-size=3")) {
            int user = shop.user("republish@example.com");
            int product = shop.product(10);
            int order = shop.order(user, 2, product);
            await().atMost(LONG)
                    .untilAsserted(() ->
                            shop.post("/api/orders/" + order + "/shipment").expect(204));
            awaitAllForwarded(shop);
            List<Seen> published = exchange.afterAtLeast(storedIds("true").size());
            long inContractQueue = channel.messageCount("order.created");

            String path = republish(shop, "");
            JsonNode complete = awaitState(shop, path, "COMPLETED");

            List<GetResponse> again = taken();
            assertThat(again.stream().map(RepublicationIT::withoutReplay).toList())
                    .containsExactlyElementsOf(published.stream()
                            .map(one -> described(one.properties(), one.body()))
                            .toList());
            assertThat(again).allSatisfy(message -> {
                assertThat(message.getEnvelope().getExchange()).isEmpty();
                assertThat(message.getProps().getHeaders()).containsEntry("x-replay", true);
            });
            assertThat(complete.get("processed").intValue()).isEqualTo(again.size());
            assertThat(complete.get("total").intValue()).isEqualTo(again.size());
            assertThat(complete.get("percent").intValue()).isEqualTo(100);
            assertThat(complete.get("error").isNull()).isTrue();
            assertThat(complete.propertyNames())
                    .containsExactly("id", "queue", "state", "processed", "total", "percent", "error");
            await().during(SHORT).atMost(LONG).until(() -> exchange.seen().size() == published.size());
            assertThat(channel.messageCount("order.created")).isEqualTo(inContractQueue);
            assertThat(sql.queryForList("select outcome || ' ' || action from command_side.audit", String.class))
                    .contains("BEGUN POST " + PATH);
        }
    }

    private static String withoutReplay(GetResponse message) {
        Map<String, Object> headers = new TreeMap<>(message.getProps().getHeaders());
        headers.remove("x-replay");
        return described(
                message.getProps().builder().headers(headers).build(),
                new String(message.getBody(), StandardCharsets.UTF_8));
    }

    private static String described(AMQP.BasicProperties properties, String body) {
        Map<String, Object> headers = new TreeMap<>(properties.getHeaders());
        return properties.builder().headers(Map.of()).build() + " " + headers + " " + body;
    }

    @Test
    void sendsNothingOfWhoWasErased() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            int user = shop.user("erased@example.com");
            awaitAllForwarded(shop);
            shop.send("DELETE", "/api/users/" + user + "/personal-data", BodyPublishers.noBody())
                    .expect(204);
            awaitState(shop, republish(shop, ",'aggregateId':'user-" + user + "'"), "COMPLETED");

            List<String> bodies = taken().stream()
                    .map(one -> new String(one.getBody(), StandardCharsets.UTF_8))
                    .toList();
            assertThat(bodies).hasSize(2);
            assertThat(bodies.get(0)).contains("\"email\":null,\"fullName\":null");
        }
    }

    @Test
    void countsOnlyInADryRun() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            stockUpdates(shop, 7);

            JsonNode counted = shop.post(PATH, "{\"queue\":\"" + QUEUE + "\",\"dryRun\":true}")
                    .expect(202)
                    .json();

            assertThat(counted.get("state").asString()).isEqualTo("COMPLETED");
            assertThat(counted.get("total").intValue()).isEqualTo(7);
            assertThat(counted.get("processed").intValue()).isZero();
            assertThat(shop.get(PATH + "/" + counted.get("id")).json()).isEqualTo(counted);
            await().during(SHORT).atMost(LONG).until(() -> channel.messageCount(QUEUE) == 0);
        }
    }

    @Test
    void sendsWhatIsAskedFor() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            int user = shop.user("filters@example.com");
            int product = shop.product(100);
            String first = shop.adjust(product, 1).expect(204).position();
            int order = shop.order(user, 1, product);
            await().atMost(LONG)
                    .untilAsserted(() ->
                            shop.post("/api/orders/" + order + "/shipment").expect(204));
            String last = shop.adjust(product, 1).expect(204).position();
            shop.adjust(product, 1).expect(204);
            awaitAllForwarded(shop);

            assertSent(shop, ",'types':['OrderCreatedEvent']", storedIds("event_type = 'OrderCreatedEvent'"), 1);
            assertSent(
                    shop,
                    ",'types':['OrderStatusChangedEvent','UserRegisteredEvent','UserRegisteredEvent']",
                    storedIds("event_type in ('OrderStatusChangedEvent', 'UserRegisteredEvent')"),
                    3);
            assertSent(
                    shop, ",'aggregateId':'order-" + order + "'", storedIds("aggregate_id = 'order-" + order + "'"), 3);
            assertSent(
                    shop,
                    ",'aggregateId':'order-" + order + "','types':['OrderCreatedEvent']",
                    storedIds("aggregate_id = 'order-" + order + "' and event_type = 'OrderCreatedEvent'"),
                    1);
            List<String> all = storedIds("true");
            int begin = all.indexOf(storedIds("aggregate_id = 'product-" + product + "'")
                            .get(0))
                    + 1;
            assertSent(
                    shop,
                    ",'from':{'position':'" + first + "'},'to':{'position':'" + last + "'}",
                    all.subList(begin, all.size() - 1),
                    all.size() - 1 - begin);
            assertSent(shop, ",'to':{'position':'" + first + "'}", all.subList(0, begin), begin);
            String moment = sql.queryForObject(
                    "select to_char(time at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                            + " from event_store.domain_event where event_type = 'OrderCreatedEvent'",
                    String.class);
            int placed =
                    all.indexOf(storedIds("event_type = 'OrderCreatedEvent'").get(0));
            assertSent(shop, ",'from':{'time':'" + moment + "'}", all.subList(placed, all.size()), all.size() - placed);
            assertSent(shop, ",'to':{'time':'" + moment + "'}", all.subList(0, placed), placed);
            assertSent(shop, ",'from':{'time':'" + moment + "'},'to':{'time':'" + moment + "'}", List.of(), 0);
            assertSent(shop, ",'from':{'position':'9-1-1'}", List.of(), 0);
        }
    }

    private void assertSent(CommandSideClient shop, String request, List<String> ids, int count) throws IOException {
        JsonNode complete = awaitState(shop, republish(shop, request), "COMPLETED");
        assertThat(takenIds()).as(request).isEqualTo(ids).hasSize(count);
        assertThat(complete.get("total").intValue()).as(request).isEqualTo(count);
    }

    @Test
    void refusesWhatCantBeSent() {
        try (RunningCommandSide shop = commandSide()) {
            stockUpdates(shop, 1);
            assertRefused(shop, "{'queue':'nobodys'}", "QUEUE_NOT_FOUND", "");
            assertRefused(shop, "{'queue':'nobodys','dryRun':true}", "QUEUE_NOT_FOUND", "");
            assertRefused(shop, request("'aggregateId':'order-4711'"), "AGGREGATE_NOT_FOUND", "");
            assertRefused(shop, "{}", "INVALID_REQUEST", "queue");
            assertRefused(shop, "{'queue':'" + "\u00e9".repeat(128) + "'}", "INVALID_REQUEST", "queue");
            assertRefused(shop, request("'types':[]"), "INVALID_REQUEST", "types");
            assertRefused(shop, request("'types':['OrderCreatedEvent','Unknown']"), "INVALID_REQUEST", "types[1]");
            assertRefused(shop, request("'types':['ProductCreatedEvent']"), "INVALID_REQUEST", "types[0]");
            assertRefused(shop, request("'types':[null]"), "INVALID_REQUEST", "types[0]");
            assertRefused(shop, request("'ratePerSecond':0"), "INVALID_REQUEST", "ratePerSecond");
            assertRefused(shop, request("'from':{}"), "INVALID_REQUEST", "from");
            assertRefused(shop, request("'from':'1-1-1'"), "INVALID_REQUEST", "from");
            assertRefused(
                    shop, request("'to':{'position':'1-1-1','time':'2026-01-01T00:00:00Z'}"), "INVALID_REQUEST", "to");
            assertRefused(shop, request("'to':{'position':'x'}"), "INVALID_REQUEST", "to.position");
            assertRefused(shop, request("'to':{'time':'+99999-01-01T00:00:00Z'}"), "INVALID_REQUEST", "to.time");
            assertRefused(
                    shop, request("'from':{'position':'1-2-1'},'to':{'position':'1-1-9'}"), "INVALID_REQUEST", "from");
            assertRefused(
                    shop,
                    request("'from':{'time':'9000-01-01T00:00:00Z'},'to':{'time':'8000-01-01T00:00:00Z'}"),
                    "INVALID_REQUEST",
                    "from");
            assertThat(shop.get(PATH).json().get("items")).isEmpty();
            for (String id : List.of("4711", "x")) {
                assertThat(shop.get(PATH + "/" + id).expect(404).code()).isEqualTo("REPUBLICATION_NOT_FOUND");
                assertThat(cancel(shop, PATH + "/" + id).expect(404).code()).isEqualTo("REPUBLICATION_NOT_FOUND");
            }
        }
    }

    private static String request(String more) {
        return "{'queue':'" + QUEUE + "'," + more + "}";
    }

    private static void assertRefused(CommandSideClient shop, String request, String code, String field) {
        Answer answer = shop.post(PATH, request.replace('\'', '"'));
        assertThat(answer.status()).as(request + answer).isEqualTo(422);
        assertThat(answer.code()).as(request).isEqualTo(code);
        assertThat(answer.json().at("/errors/0/field").asString("")).as(request).isEqualTo(field);
    }

    private static Answer cancel(CommandSideClient shop, String path) {
        return shop.send("DELETE", path, BodyPublishers.noBody());
    }

    @Test
    void isOneForEachIdempotencyKey() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            stockUpdates(shop, 3);
            String body = "{\"queue\":\"" + QUEUE + "\"}";
            Answer first = shop.post(PATH, body, "Idempotency-Key", "k").expect(202);
            Answer second = shop.post(PATH, body, "Idempotency-Key", "k").expect(202);

            assertThat(second.header("Location")).isEqualTo(first.header("Location"));
            assertThat(second.json()).isEqualTo(first.json());
            awaitState(shop, first.header("Location"), "COMPLETED");
            assertThat(shop.get(PATH).json().get("items")).hasSize(1);
            assertThat(taken()).hasSize(3);
        }
    }

    @Test
    void isNoFasterThanItMay() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            stockUpdates(shop, 20);
            long began = System.nanoTime();
            String path = republish(shop, ",'ratePerSecond':10");
            awaitProcessed(shop, path, 1);
            JsonNode under = shop.get(path).json();
            assertThat(under.get("state").asString()).isEqualTo("RUNNING");
            assertThat(under.get("percent").intValue()).isBetween(1, 99);
            awaitState(shop, path, "COMPLETED");

            // the last two of the twenty need not be waited for
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(1750), Duration.ofSeconds(6));
            assertThat(taken()).hasSize(20);
        }
    }

    @Test
    void waitsForOthersToEndAndCanBeCancelled() throws Exception {
        try (RunningCommandSide shop = commandSide("eventshop.command-side.republications.max-concurrent=1")) {
            stockUpdates(shop, 100);
            String first = republish(shop, ",'ratePerSecond':10");
            awaitProcessed(shop, first, 1);
            String second = republish(shop, "");
            String third = republish(shop, "");
            await().during(SHORT)
                    .atMost(LONG)
                    .until(() -> shop.get(second).json().get("state").asString().equals("QUEUED"));

            cancel(shop, third).expect(204);
            cancel(shop, first).expect(204);
            JsonNode cancelled = shop.get(first).json();
            assertThat(cancelled.get("state").asString()).isEqualTo("CANCELLED");
            awaitState(shop, second, "COMPLETED");
            await().during(SHORT)
                    .atMost(LONG)
                    .until(() -> shop.get(first).json().equals(cancelled));

            assertThat(taken()).hasSizeBetween(100 + cancelled.get("processed").intValue(), 100 + 30);
            assertThat(cancel(shop, first).expect(409).code()).isEqualTo("REPUBLICATION_NOT_CANCELLABLE");
            assertThat(cancel(shop, second).expect(409).code()).isEqualTo("REPUBLICATION_NOT_CANCELLABLE");
            assertThat(shop.get(third).json().get("processed").intValue()).isZero();
            assertThat(shop.get(PATH + "?limit=2")
                            .json()
                            .get("items")
                            .valueStream()
                            .map(one -> one.get("state").asString()))
                    .containsExactly("CANCELLED", "COMPLETED");
        }
    }

    @Test
    void failsWhenTheQueueIsGone() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            stockUpdates(shop, 60);
            String path = republish(shop, ",'ratePerSecond':20");
            awaitProcessed(shop, path, 4);

            channel.queueDelete(QUEUE);

            JsonNode failed = awaitState(shop, path, "FAILED");
            assertThat(failed.get("error").asString()).isEqualTo("The queue does not exist any more.");
            assertThat(failed.get("processed").intValue()).isBetween(4, 59);
            assertThat(failed.get("percent").intValue()).isLessThan(100);
        }
    }

    @Test
    void failsAtAnEventThatCantBeRead() throws Exception {
        try (RunningCommandSide shop = commandSide()) {
            stockUpdates(shop, 1);
            shop.user("unreadable@example.com");
            awaitAllForwarded(shop);
            assertThat(sql.update("update event_store.domain_event set payload = '[]'"
                            + " where event_type = 'UserRegisteredEvent'"))
                    .isEqualTo(1);

            JsonNode failed = awaitState(shop, republish(shop, ""), "FAILED");

            assertThat(failed.get("error").asString()).startsWith("An event behind 0-0-0 can't be sent: ");
            assertThat(taken()).isEmpty();
        }
    }

    @Test
    void waitsForABrokerThatIsAwayAndGoesOn() throws Exception {
        int port = URI.create(broker.uri()).getPort();
        try (TcpProxy proxy = TcpProxy.to(port);
                RunningCommandSide shop = RunningCommandSide.start(
                        database, properties(broker.uri().replaceFirst(":" + port + "(?=/|$)", ":" + proxy.port())))) {
            stockUpdates(shop, 80);
            String path = republish(shop, ",'ratePerSecond':40");
            awaitProcessed(shop, path, 8);

            proxy.cut();
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(shop.get(path).json().get("error").isNull())
                                    .isFalse());
            assertThat(shop.get(path).json().get("state").asString()).isEqualTo("RUNNING");
            assertThat(shop.post(PATH, "{\"queue\":\"" + QUEUE + "\"}")
                            .expect(503)
                            .code())
                    .isEqualTo("BROKER_UNAVAILABLE");
            proxy.connect();

            JsonNode complete = awaitState(shop, path, "COMPLETED");
            assertThat(complete.get("error").isNull()).isTrue();
            assertThat(complete.get("processed").intValue()).isEqualTo(80);
            assertThat(takenIds().stream().distinct().toList()).isEqualTo(storedIds("true"));
        }
    }

    @Test
    void goesOnElsewhereWhenTheInstanceIsKilled() throws Exception {
        String path;
        long sent;
        try (CommandSideProcess first = CommandSideProcess.start(
                List.of(),
                RunningCommandSide.arguments(
                        database, properties(broker.uri(), "eventshop.command-side.republications.batch-size=5")))) {
            CommandSideClient shop = first.client();
            stockUpdates(shop, 60);
            path = republish(shop, ",'ratePerSecond':20");
            awaitProcessed(shop, path, 10);
            sent = shop.get(path).json().get("processed").longValue();
        } // SIGKILL
        try (RunningCommandSide second = commandSide()) {
            JsonNode complete = awaitState(second, path, "COMPLETED");

            assertThat(complete.get("processed").intValue()).isEqualTo(60);
            List<String> ids = takenIds();
            assertThat(ids.stream().distinct().toList()).isEqualTo(storedIds("true"));
            assertThat(sent).isBetween(10L, 59L);
            assertThat(ids.size()).as("what was confirmed is not sent again").isLessThan(60 + 5 + 1);
        }
    }

    @Test
    void goesOnWhereItWasAfterARestart() throws Exception {
        String path;
        try (RunningCommandSide first = commandSide()) {
            stockUpdates(first, 40);
            path = republish(first, ",'ratePerSecond':20");
            awaitProcessed(first, path, 8);
        }
        try (RunningCommandSide second = commandSide("eventshop.command-side.republications.lease=1h")) {
            awaitState(second, path, "COMPLETED");
            assertThat(takenIds()).isEqualTo(storedIds("true")).hasSize(40);
        }
    }
}
