package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Does with a shop what a program could do. All methods throw {@link UnexpectedAnswer} when it does not work out. */
public final class ShopClient {

    private static final long POLL_MILLIS = 50;

    private final Endpoints endpoints;
    private final Http http;

    /** @param timeout of an answer */
    public ShopClient(Endpoints endpoints, Duration timeout) {
        this.endpoints = endpoints;
        this.http = Http.asOperator(endpoints, timeout);
    }

    /**
     * One product of an order.
     *
     * @param quantity at least 1
     */
    public record Item(int productId, int quantity) {}

    /** @return empty when somebody is registered with that email */
    public Optional<Written> register(String email, String fullName, String locale) {
        String url = endpoints.commandSide() + "/api/users";
        Answer answer = http.post(url, Map.of("email", email, "fullName", fullName, "locale", locale));
        return answer.code().equals("EMAIL_TAKEN")
                ? Optional.empty()
                : Optional.of(created(answer.successful("POST " + url), "userId"));
    }

    public Written createProduct(String name, BigDecimal price, int stock) {
        return create("products", "productId", Map.of("name", name, "price", price, "initialStock", stock));
    }

    public Written setStock(int productId, int stock) {
        String url = endpoints.commandSide() + "/api/products/" + productId + "/stock";
        return new Written(
                productId,
                http.put(url, Map.of("stock", stock)).successful("PUT " + url).position());
    }

    public Written placeOrder(int userId, List<Item> items) {
        return create("orders", "orderId", Map.of("userId", userId, "items", items));
    }

    public Written ship(int orderId) {
        return order(orderId, "shipment", Map.of());
    }

    public Written complete(int orderId) {
        return order(orderId, "completion", Map.of());
    }

    public Written cancel(int orderId, String reason) {
        return order(orderId, "cancellation", Map.of("reason", reason));
    }

    private Written order(int orderId, String action, Map<String, String> body) {
        String url = endpoints.commandSide() + "/api/orders/" + orderId + "/" + action;
        Answer answer = body.isEmpty() ? http.post(url) : http.post(url, body);
        return new Written(orderId, answer.successful("POST " + url).position());
    }

    private Written create(String what, String idField, Object body) {
        String url = endpoints.commandSide() + "/api/" + what;
        return created(http.post(url, body).successful("POST " + url), idField);
    }

    private static Written created(Answer answer, String idField) {
        return new Written(answer.json().path(idField).asInt(), answer.position());
    }

    /**
     * Returns when the order is confirmed.
     *
     * @throws UnexpectedAnswer when it is not in time, or was cancelled
     */
    public void awaitConfirmed(Written order, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        String path = "/api/orders/" + order.id();
        String status = read(path, order.position(), patience).path("status").asString();
        while (status.equals("PENDING")) {
            if (System.nanoTime() > deadline) {
                throw new UnexpectedAnswer("order " + order.id() + " was not confirmed in time");
            }
            pause();
            status = read(path).path("status").asString();
        }
        if (status.equals("CANCELLED")) {
            throw new UnexpectedAnswer("order " + order.id() + " was cancelled");
        }
    }

    /** @return what the query side has at that path */
    public JsonNode read(String path) {
        String url = endpoints.querySide() + path;
        return http.get(url).successful("GET " + url).json();
    }

    /** @return what the query side has at that path as soon as it has applied the position */
    public JsonNode read(String path, String position, Duration patience) {
        String url = endpoints.querySide() + path;
        return http.get(url, "Min-Event-Position", position, "Prefer", "wait=" + Math.max(1, patience.toSeconds()))
                .successful("GET " + url)
                .json();
    }

    /** @return rows of the ledger of emails */
    public Collection<JsonNode> notifications(String query) {
        String url = endpoints.notificationProjector() + "/api/notifications?" + query;
        return http.get(url).successful("GET " + url).json().path("items").values();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedAnswer("interrupted", e);
        }
    }
}
