package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventshop.command.Exchange.Seen;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a command over HTTP to a queue of another program, on every broker at hand. */
@ParameterizedClass
@MethodSource("brokers")
class ForwardingIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The public events of one order that is shipped and completed, besides its user and its product's stock. */
    private static final List<String> KEYS_OF_A_COMPLETED_ORDER = List.of(
            "order.created", "order.status-changed", "order.status-changed", "order.status-changed", "order.completed");

    @Parameter
    private TestBroker broker;

    private TestDatabase database;
    private JdbcTemplate sql;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeEach
    void start() {
        broker.purge();
        database = TestDatabase.create();
        sql = new JdbcTemplate(database.admin());
    }

    @AfterEach
    void stop() {
        database.close();
        broker.purge();
    }

    private RunningCommandSide commandSide(TestBroker broker, String... more) {
        return RunningCommandSide.start(
                database,
                Stream.concat(
                                broker.springProperties().entrySet().stream()
                                        .map(property -> property.getKey() + "=" + property.getValue()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private RunningCommandSide behind(TcpProxy proxy) {
        return commandSide(
                broker,
                "spring.rabbitmq.addresses=" + behindUri(proxy),
                "eventshop.messaging.confirm-timeout=3s",
                "eventshop.command-side.forwarder.longest-retry=500ms");
    }

    private String behindUri(TcpProxy proxy) {
        return broker.uri().replaceFirst(":" + port() + "(?=/|$)", ":" + proxy.port());
    }

    private int port() {
        return URI.create(broker.uri()).getPort();
    }

    private List<String> storedPublicIds() {
        return sql.queryForList(
                "select event_id::text from event_store.domain_event where event_type in ('ProductStockUpdatedEvent',"
                        + " 'OrderCreatedEvent', 'OrderStatusChangedEvent', 'OrderCancelledEvent',"
                        + " 'OrderCompletedEvent', 'UserRegisteredEvent') order by transaction_id, global_index",
                String.class);
    }

    private static void awaitAllForwarded(RunningCommandSide shop) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(shop.get("/api/admin/forwarder")
                                .json()
                                .get("lagEvents")
                                .intValue())
                        .isZero());
    }

    private static int order(RunningCommandSide shop, int user, int product) {
        return shop.post(
                        "/api/orders",
                        "{\"userId\":" + user + ",\"items\":[{\"productId\":" + product + ",\"quantity\":2}]}")
                .expect(201)
                .json()
                .get("orderId")
                .intValue();
    }

    @Test
    void publishesEachDocumentedEventOnItsRoutingKeyWithExactlyItsFields() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                RunningCommandSide shop = commandSide(broker)) {
            int user = shop.user("forward@example.com");
            int product = shop.product(10);
            shop.adjust(product, -4).expect(204);
            int order = order(shop, user, product);
            await().atMost(LONG)
                    .untilAsserted(() ->
                            shop.post("/api/orders/" + order + "/shipment").expect(204));
            shop.post("/api/orders/" + order + "/completion").expect(204);
            int cancelled = order(shop, user, product);
            shop.post("/api/orders/" + cancelled + "/cancellation", "{\"reason\":\"changed my mind\"}")
                    .expect(204);
            awaitAllForwarded(shop);
            int expected = storedPublicIds().size();
            List<Seen> seen = exchange.afterAtLeast(expected);

            assertThat(seen.stream().map(Seen::routingKey).distinct())
                    .containsExactlyInAnyOrder(
                            "user.registered",
                            "product.stock-updated",
                            "order.created",
                            "order.status-changed",
                            "order.completed",
                            "order.cancelled");
            assertThat(seen.stream()
                            .filter(one ->
                                    one.header("axon-message-aggregate-id").equals("order-" + order))
                            .map(Seen::routingKey))
                    .containsExactlyInAnyOrderElementsOf(KEYS_OF_A_COMPLETED_ORDER);
            fields(seen, "user.registered", "userId", "email", "fullName", "registeredAt");
            fields(seen, "product.stock-updated", "productId", "productName", "oldStock", "newStock", "updatedAt");
            fields(seen, "order.created", "orderId", "userId", "totalAmount", "items", "createdAt");
            fields(seen, "order.status-changed", "orderId", "oldStatus", "newStatus", "changedAt");
            fields(seen, "order.completed", "orderId", "userId", "totalAmount", "completedAt");
            fields(seen, "order.cancelled", "orderId", "userId", "reason", "cancelledAt");
            assertThat(seen.stream()
                            .filter(one -> one.routingKey().equals("order.created"))
                            .map(Seen::body))
                    .allSatisfy(body -> assertThat(body).contains("\"totalAmount\":39.80,", "\"unitPrice\":19.90}"));
            assertThat(seen).allSatisfy(ForwardingIT::hasTheContractsProperties);
            assertThat(seen.stream().map(one -> one.properties().getMessageId()))
                    .containsExactlyInAnyOrderElementsOf(storedPublicIds());
        }
    }

    private static void fields(List<Seen> seen, String routingKey, String... names) {
        assertThat(seen.stream().filter(one -> one.routingKey().equals(routingKey)))
                .isNotEmpty()
                .allSatisfy(one ->
                        assertThat(JSON.readTree(one.body()).propertyNames()).containsExactly(names));
    }

    private static void hasTheContractsProperties(Seen message) {
        assertThat(message.properties().getContentType()).isEqualTo("application/json");
        assertThat(message.properties().getDeliveryMode()).isEqualTo(2);
        assertThat(message.properties().getAppId()).isEqualTo("command-side");
        assertThat(message.properties().getTimestamp()).isNotNull();
        assertThat(message.properties().getType()).isEqualTo(message.header("axon-message-type"));
        assertThat(message.header("axon-message-id"))
                .isEqualTo(message.properties().getMessageId());
        assertThat(message.header("axon-message-revision")).isEqualTo("1.0");
        assertThat(message.header("cloudEvents:id"))
                .isEqualTo(message.properties().getMessageId());
        assertThat(message.header("cloudEvents:type"))
                .isEqualTo(message.properties().getType());
        assertThat(message.header("cloudEvents:specversion")).isEqualTo("1.0");
        assertThat(message.header("cloudEvents:subject")).isEqualTo(message.header("axon-message-aggregate-id"));
        assertThat(message.properties().getHeaders().keySet().stream()
                        .filter(name -> name.startsWith("axon-metadata-")))
                .isSubsetOf("axon-metadata-locale", "axon-metadata-correlationId", "axon-metadata-causationId");
    }

    @Test
    void carriesTheTraceOfTheRequestToEachMessageThatCameOfIt() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        try (Exchange exchange = new Exchange(broker);
                RunningCommandSide shop = commandSide(broker)) {
            int user = shop.user("trace@example.com");
            int product = shop.product(10);
            shop.post(
                            "/api/orders",
                            "{\"userId\":" + user + ",\"items\":[{\"productId\":" + product + ",\"quantity\":2}]}",
                            "traceparent",
                            "00-" + trace + "-00f067aa0ba902b7-01")
                    .expect(201);
            List<Seen> seen = exchange.afterAtLeast(3);
            assertThat(seen.stream()
                            .filter(one -> one.routingKey().startsWith("order."))
                            .map(one -> one.header("traceparent")))
                    .hasSize(2)
                    .allMatch(header -> header.matches("00-" + trace + "-[0-9a-f]{16}-01"));
            assertThat(seen.get(0).header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        }
    }

    @Test
    void keepsTheOrderOfEachAggregate() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                RunningCommandSide shop = commandSide(broker, "eventshop.command-side.forwarder.batch-size=7")) {
            int product = shop.product(0);
            for (int i = 0; i < 100; i++) {
                shop.adjust(product, 1).expect(204);
            }
            List<Seen> seen = exchange.afterAtLeast(100);
            assertThat(seen.stream()
                            .map(one ->
                                    JSON.readTree(one.body()).get("newStock").intValue()))
                    .containsExactlyElementsOf(
                            Stream.iterate(1, next -> next + 1).limit(100).toList());
        }
    }

    @Test
    void goesOnWhereItStopped() throws Exception {
        try (Exchange exchange = new Exchange(broker)) {
            int product;
            try (RunningCommandSide shop = commandSide(broker)) {
                product = shop.product(5);
                shop.adjust(product, 1).expect(204);
                exchange.afterAtLeast(1);
                awaitAllForwarded(shop);
            }
            try (RunningCommandSide shop = commandSide(broker)) {
                shop.adjust(product, 1).expect(204);
                exchange.afterAtLeast(2);
                awaitAllForwarded(shop);
            }
            await().during(SHORT).atMost(LONG).until(() -> exchange.seen().size() == 2);
        }
    }

    @Test
    void doesNotHoldUpCommandsWhileTheBrokerIsAwayAndCatchesUp() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                TcpProxy proxy = TcpProxy.refusing(port());
                RunningCommandSide shop = behind(proxy)) {
            int product = shop.product(0);
            for (int i = 0; i < 20; i++) {
                shop.adjust(product, 1).expect(204);
            }
            await().atMost(LONG).untilAsserted(() -> {
                JsonNode status = shop.get("/api/admin/forwarder").json();
                assertThat(status.get("broker").asString()).isEqualTo("DOWN");
                assertThat(status.get("error").asString("")).isNotEmpty();
                assertThat(status.get("lagEvents").intValue())
                        .isEqualTo(20); // the position has passed the internal event
                assertThat(status.get("lastConfirmAt").isNull()).isTrue();
            });
            RunningCommandSide.Answer health = shop.get(shop.management("/actuator/health"));
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.json().get("status").asString()).isEqualTo("DEGRADED");
            assertThat(shop.get(shop.management("/actuator/health/readiness")).status())
                    .isEqualTo(200);
            JsonNode open = shop.get("/api/admin/reconciliation").expect(200).json();
            assertThat(stockUpdates(open)).isEqualTo(List.of(20L, 0L));
            assertThat(open.get("firstDifference").get("type").asString()).isEqualTo("ProductStockUpdatedEvent");
            assertThat(open.get("firstDifference").get("sequenceNumber").longValue())
                    .isEqualTo(1);

            proxy.connect();
            awaitAllForwarded(shop);
            JsonNode settled = shop.get("/api/admin/reconciliation").expect(200).json();
            assertThat(stockUpdates(settled)).isEqualTo(List.of(20L, 20L));
            assertThat(settled.get("firstDifference").isNull()).isTrue();
            exchange.afterAtLeast(20);
            JsonNode status = shop.get("/api/admin/forwarder").json();
            assertThat(status.get("broker").asString()).isEqualTo("UP");
            assertThat(status.get("error").isNull()).isTrue();
            assertThat(status.get("lastConfirmAt").isNull()).isFalse();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(shop.get(shop.management("/actuator/health"))
                                    .json()
                                    .get("status")
                                    .asString())
                            .isEqualTo("UP"));
        }
    }

    /** How many are stored, and how many confirmed. */
    private static List<Long> stockUpdates(JsonNode reconciliation) {
        return reconciliation
                .get("types")
                .valueStream()
                .filter(type -> type.get("type").asString().equals("ProductStockUpdatedEvent"))
                .map(type -> List.of(
                        type.get("stored").longValue(), type.get("confirmed").longValue()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void losesNothingWhenConnectionsBreakAgainAndAgain() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                TcpProxy proxy = TcpProxy.to(port());
                RunningCommandSide shop = behind(proxy)) {
            int product = shop.product(0);
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 40; i++) {
                    shop.adjust(product, 1).expect(204);
                    if (i == 20) {
                        proxy.cut();
                    }
                }
                proxy.connect();
            }
            awaitAllForwarded(shop);
            exchange.afterAtLeast(200);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(exchange.seen().stream()
                                    .map(one -> one.properties().getMessageId())
                                    .distinct())
                            .containsExactlyElementsOf(storedPublicIds()));
        }
    }

    @Test
    void sendsAgainWhatWasNotRouted() throws Exception {
        try (RunningCommandSide shop = commandSide(broker)) {
            int product = shop.product(0);
            shop.adjust(product, 1).expect(204);
            awaitAllForwarded(shop);
            onBroker(channel -> channel.queueDelete("product.stock-updated"));

            shop.adjust(product, 1).expect(204);
            awaitAllForwarded(shop);
            onBroker(channel ->
                    assertThat(channel.messageCount("product.stock-updated")).isEqualTo(1));
        }
    }

    private void onBroker(Work work) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            work.on(channel);
        }
    }

    private interface Work {

        void on(Channel channel) throws Exception;
    }

    @Test
    void isTakenOverByAnotherInstance() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                RunningCommandSide second = startedSecond(exchange)) {
            int product = second.product(0);
            second.adjust(product, 1).expect(204);
            exchange.afterAtLeast(2);
            awaitAllForwarded(second);
            assertThat(exchange.seen().stream().map(one -> one.properties().getMessageId()))
                    .containsExactlyElementsOf(storedPublicIds());
        }
    }

    /** The first one is stopped when it has forwarded an event while both ran. */
    private RunningCommandSide startedSecond(Exchange exchange) {
        RunningCommandSide second;
        try (RunningCommandSide first = commandSide(broker)) {
            awaitAllForwarded(first);
            second = commandSide(broker, "eventshop.command-side.forwarder.claim-interval=500ms");
            int product = second.product(0);
            second.adjust(product, 1).expect(204);
            exchange.afterAtLeast(1);
            awaitAllForwarded(second);
            assertThat(first.get("/api/admin/forwarder")
                            .json()
                            .get("lastConfirmAt")
                            .isNull())
                    .isFalse();
            assertThat(second.get("/api/admin/forwarder")
                            .json()
                            .get("lastConfirmAt")
                            .isNull())
                    .isTrue();
            assertThat(second.get("/api/admin/forwarder").json().get("error").isNull())
                    .isTrue();
        }
        return second;
    }

    @Test
    void publishesNoInternalEvent() throws Exception {
        try (Exchange exchange = new Exchange(broker);
                RunningCommandSide shop = commandSide(broker)) {
            int product = shop.product(3);
            shop.put("/api/products/" + product + "/price", "{\"price\":5}").expect(204);
            awaitAllForwarded(shop);
            await().during(SHORT).atMost(LONG).until(() -> exchange.seen().isEmpty());
            Map<String, Object> counted = sql.queryForMap("select count(*) as events from event_store.domain_event");
            assertThat(counted).containsEntry("events", 2L);
        }
    }
}
