package dev.eventshop.notification;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.testing.PersonalDataSearch;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on a fresh database, and what other programs see of it: queues, and HTTP as an operator. */
final class RunningApplication implements AutoCloseable {

    static final String EXCHANGE = "microservice.events";

    private static final Map<String, String> TYPES = Map.of(
            "order.created", "OrderCreatedEvent",
            "order.status-changed", "OrderStatusChangedEvent",
            "order.cancelled", "OrderCancelledEvent",
            "order.completed", "OrderCompletedEvent",
            "user.registered", "UserRegisteredEvent",
            "user.personal-data-erased", "UserPersonalDataErasedEvent",
            "product.stock-updated", "ProductStockUpdatedEvent");

    final JdbcClient sql;
    final ConfigurableApplicationContext context;

    private static final String OPERATOR = TestIssuer.shared().token("operator", "operator");

    private final TestDatabase database;
    private final Connection connection;
    private final Channel channel;
    private final HttpClient http = HttpClient.newHttpClient();
    final String base;
    private final String management;

    RunningApplication(TestBroker broker, Map<String, String> more) throws Exception {
        database = TestDatabase.create();
        Map<String, String> properties = new HashMap<>(database.springProperties("notification"));
        properties.putAll(broker.springProperties());
        properties.putAll(TestIssuer.shared().springProperties());
        properties.put("eventshop.notification-projector.port", "0");
        properties.put("eventshop.notification-projector.management-port", "0");
        properties.putAll(more);
        context = NotificationProjectorApplication.builder()
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
        sql = JdbcClient.create(context.getBean(javax.sql.DataSource.class));
        base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
        management = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port");
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    /** Publishes as the contract says; returns the message id. */
    String publish(String routingKey, String json) throws Exception {
        return publish(routingKey, json, Map.of());
    }

    String publish(String routingKey, String json, Map<String, Object> headers) throws Exception {
        return publish(routingKey, json, headers, UUID.randomUUID().toString());
    }

    String publish(String routingKey, String json, Map<String, Object> headers, String messageId) throws Exception {
        publishRaw(
                routingKey,
                json.getBytes(StandardCharsets.UTF_8),
                TYPES.getOrDefault(routingKey, "Unknown"),
                headers,
                messageId);
        return messageId;
    }

    void publishRaw(
            String routingKey,
            byte[] body,
            @Nullable String type,
            Map<String, Object> headers,
            @Nullable String messageId)
            throws Exception {
        Map<String, Object> all = new HashMap<>();
        if (messageId != null) {
            all.put("axon-message-id", messageId);
        }
        if (type != null) {
            all.put("axon-message-type", type);
            all.put("axon-message-revision", "1.0");
        }
        all.putAll(headers);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .deliveryMode(2)
                .messageId(messageId)
                .type(type)
                .appId("test")
                .headers(all)
                .build();
        channel.basicPublish(EXCHANGE, routingKey, true, properties, body);
        channel.waitForConfirmsOrDie(10_000);
    }

    /** Past the exchange. */
    void publishTo(String queue, AMQP.BasicProperties properties, byte[] body) throws Exception {
        channel.basicPublish("", queue, true, properties, body);
        channel.waitForConfirmsOrDie(10_000);
    }

    int waiting(String queue) throws Exception {
        return (int) channel.messageCount(queue);
    }

    /** Takes everything out of a dead-letter queue. */
    List<GetResponse> deadLetters(String queue) throws Exception {
        List<GetResponse> all = new ArrayList<>();
        for (GetResponse one = channel.basicGet(queue + ".dlq", true);
                one != null;
                one = channel.basicGet(queue + ".dlq", true)) {
            all.add(one);
        }
        return all;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).build());
    }

    HttpResponse<String> post(String path) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    HttpResponse<String> post(String path, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    HttpResponse<String> delete(String path) throws Exception {
        return send(request(path).DELETE().build());
    }

    /** A request of an operator's. */
    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + OPERATOR);
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    JsonNode management(String path) throws Exception {
        return JsonMapper.shared()
                .readTree(send(HttpRequest.newBuilder(URI.create(management + path))
                                .build())
                        .body());
    }

    /** The ledger in short: kind, order, status. */
    List<String> ledger() {
        return sql.sql("""
                        SELECT kind || coalesce(' ' || order_id, '') || coalesce(' ' || order_status, '') || ' ' || status
                        FROM notification ORDER BY 1""").query(String.class).list();
    }

    double stockUpdates() {
        return context.getBean(MeterRegistry.class)
                .counter("eventshop.stock.updates")
                .count();
    }

    PersonalDataSearch search() {
        return new PersonalDataSearch(database);
    }

    TestDatabase database() {
        return database;
    }

    /** As a superuser. */
    JdbcClient admin() {
        return JdbcClient.create(database.admin());
    }

    void clean() {
        admin().sql("TRUNCATE notification.notification, notification.notification_content, notification.recipient,"
                        + " notification.order_customer, notification.dead_letter, notification_keys.person_key")
                .update();
    }

    @Override
    public void close() throws IOException {
        context.close();
        connection.close();
        database.close();
    }

    static String registered(int userId, String email) {
        return """
                {"userId":%d,"email":"%s","fullName":"Ann %d","registeredAt":"2026-01-01T10:00:00Z"}""".formatted(userId, email, userId);
    }

    static String created(int orderId, int userId) {
        return """
                {"orderId":%d,"userId":%d,"totalAmount":25.00,"items":[
                {"productId":1,"productName":"Tea","quantity":2,"unitPrice":12.50}],"createdAt":"2026-01-01T10:00:00Z"}""".formatted(orderId, userId);
    }

    static String changed(int orderId, String from, String to) {
        return """
                {"orderId":%d,"oldStatus":"%s","newStatus":"%s","changedAt":"2026-01-01T10:00:00Z"}""".formatted(orderId, from, to);
    }

    static String cancelled(int orderId, int userId) {
        return """
                {"orderId":%d,"userId":%d,"reason":"changed my mind","cancelledAt":"2026-01-01T10:00:00Z"}""".formatted(orderId, userId);
    }

    static String completed(int orderId, int userId) {
        return """
                {"orderId":%d,"userId":%d,"totalAmount":25.00,"completedAt":"2026-01-01T10:00:00Z"}""".formatted(orderId, userId);
    }
}
