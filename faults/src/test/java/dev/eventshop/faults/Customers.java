package dev.eventshop.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients of the command side, and their log of what they were answered. A call without an answer is sent again with the
 * same idempotency key, at any instance, until there is one.
 */
final class Customers {

    private static final int CUSTOMERS = 6;
    private static final int LONGEST_PAUSE_MILLIS = 80;
    private static final int STOCK = 100_000;

    /** Of every other product: orders empty it, and the fulfilment calls off those that come after. */
    private static final int LITTLE_STOCK = 20;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Those who end an order that is not new any more choose among so many. */
    private static final int OPEN_ORDERS = 40;

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** @param items units by product */
    record Order(int id, int user, Map<Integer, Integer> items) {}

    /** Addresses by user. */
    final Map<Integer, String> users = new ConcurrentHashMap<>();

    final Map<Integer, Order> orders = new ConcurrentHashMap<>();

    /** What stock each product has been given, by those who have an answer. */
    final Map<Integer, AtomicInteger> given = new ConcurrentHashMap<>();

    /** Orders for which a command that ends them was acknowledged, and the status that it leads to. */
    final Map<Integer, String> wished = new ConcurrentHashMap<>();

    final AtomicInteger attempted = new AtomicInteger();
    final AtomicInteger acknowledged = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();

    /** Tries that were answered with 503, or not at all. */
    final AtomicInteger failedTries = new AtomicInteger();

    /** Tries that were begun and refused with 503 in the current outage of the database, or in the last one. */
    final AtomicInteger refusedInOutage = new AtomicInteger();

    /** Calls that have never been answered: what became of them is open. */
    final ConcurrentLinkedQueue<String> unanswered = new ConcurrentLinkedQueue<>();

    final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<String> urls;
    private final String token = Shop.bearer("operator");
    private final ConcurrentLinkedDeque<Integer> openOrders = new ConcurrentLinkedDeque<>();
    private volatile Outage outage = new Outage(false, TIMEOUT);
    private @Nullable ExecutorService threads;

    /** Two are never the same one. */
    private static final class Outage {

        private final boolean on;
        private final Duration atMost;

        Outage(boolean on, Duration atMost) {
            this.on = on;
            this.atMost = atMost;
        }
    }

    private volatile boolean open;
    private volatile long givenUpAt = Long.MAX_VALUE;

    /** @param urls of all instances of the command side */
    Customers(List<String> urls) {
        this.urls = urls;
    }

    /**
     * The database is away. Each try that begins from now on has to be refused with 503 in time; what is answered after
     * {@link #databaseIsBack()} may have been carried out.
     *
     * @param atMost until the answer
     */
    void databaseIsAway(Duration atMost) {
        refusedInOutage.set(0);
        outage = new Outage(true, atMost);
    }

    void databaseIsBack() {
        outage = new Outage(false, TIMEOUT);
    }

    void open(long seed) {
        ExecutorService started = Executors.newFixedThreadPool(CUSTOMERS);
        threads = started;
        open = true;
        givenUpAt = Long.MAX_VALUE;
        for (int i = 0; i < CUSTOMERS; i++) {
            Random random = new Random(seed * 100 + i);
            started.execute(() -> {
                while (open) {
                    act(random);
                    pause(random.nextInt(LONGEST_PAUSE_MILLIS));
                }
            });
        }
    }

    /** Returns when each call has its answer, or has had none for very long. */
    void close() {
        open = false;
        givenUpAt = System.nanoTime() + PATIENCE.toNanos();
        ExecutorService ending = threads;
        if (ending == null) {
            return;
        }
        ending.shutdown();
        try {
            if (!ending.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("customers hang");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void act(Random random) {
        List<Integer> knownUsers = new ArrayList<>(users.keySet());
        List<Integer> products = new ArrayList<>(given.keySet());
        if (products.size() < 5) {
            createProduct(random);
        } else if (knownUsers.size() < CUSTOMERS || random.nextInt(20) == 0) {
            register(random);
        } else if (random.nextInt(8) == 0) {
            endAny(random);
        } else if (random.nextInt(5) == 0) {
            adjust(random, products.get(random.nextInt(products.size())));
        } else {
            order(random, knownUsers.get(random.nextInt(knownUsers.size())), products);
        }
    }

    private void createProduct(Random random) {
        int stock = given.size() % 2 == 0 ? STOCK : LITTLE_STOCK;
        JsonNode answer =
                call(random, "/api/products", "{\"name\":\"Tea\",\"price\":2.50,\"initialStock\":" + stock + "}", "");
        if (answer != null) {
            given.put(answer.get("productId").intValue(), new AtomicInteger(stock));
        }
    }

    private void register(Random random) {
        String email = UUID.randomUUID() + "@example.com";
        JsonNode answer =
                call(random, "/api/users", "{\"email\":\"" + email + "\",\"fullName\":\"Ada\",\"locale\":\"en\"}", "");
        if (answer != null) {
            users.put(answer.get("userId").intValue(), email);
        }
    }

    private void adjust(Random random, int product) {
        int delta = random.nextInt(20) - 5;
        if (delta != 0
                && call(
                                random,
                                "/api/products/" + product + "/stock-adjustments",
                                "{\"delta\":" + delta + "}",
                                delta < 0 ? "422 INSUFFICIENT_STOCK" : "")
                        != null) {
            given.get(product).addAndGet(delta);
        }
    }

    private void order(Random random, int user, List<Integer> products) {
        Map<Integer, Integer> items = new TreeMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            items.put(products.get(random.nextInt(products.size())), 1 + random.nextInt(3));
        }
        String list = items.entrySet().stream()
                .map(item -> "{\"productId\":" + item.getKey() + ",\"quantity\":" + item.getValue() + "}")
                .collect(Collectors.joining(","));
        JsonNode answer = call(random, "/api/orders", "{\"userId\":" + user + ",\"items\":[" + list + "]}", "");
        if (answer == null) {
            return;
        }
        int id = answer.get("orderId").intValue();
        Order twice = orders.put(id, new Order(id, user, items));
        if (twice != null) {
            unexpected.add("order " + id + " was answered to two calls");
        }
        switch (random.nextInt(6)) {
            case 0 -> cancel(random, id);
            case 1, 2 -> {
                pause(random.nextInt(1000)); // it may be confirmed by then
                ship(random, id);
            }
            default -> openOrders.addLast(id);
        }
    }

    /** An order that was placed some seconds ago, by whomever. */
    private void endAny(Random random) {
        Integer order = openOrders.size() < OPEN_ORDERS ? null : openOrders.pollFirst();
        if (order != null && random.nextBoolean()) {
            cancel(random, order);
        } else if (order != null) {
            ship(random, order);
        }
    }

    private void cancel(Random random, int order) {
        end(
                random,
                order,
                "cancellation",
                "{\"reason\":\"Changed my mind\"}",
                "CANCELLED",
                "409 ORDER_NOT_CANCELLABLE");
    }

    private void ship(Random random, int order) {
        if (end(random, order, "shipment", "", "SHIPPED", "409 ORDER_NOT_SHIPPABLE") && random.nextBoolean()) {
            end(random, order, "completion", "", "COMPLETED", "");
        }
    }

    private boolean end(Random random, int order, String command, String body, String status, String refusal) {
        boolean done = call(random, "/api/orders/" + order + "/" + command, body, refusal) != null;
        if (done) {
            wished.put(order, status);
        }
        return done;
    }

    /**
     * @param refusal documented status and code that the state of the shop can lead to; empty for none
     * @return null when it was refused, or has not been answered; otherwise the answer, empty where it has no body
     */
    private @Nullable JsonNode call(Random random, String path, String body, String refusal) {
        attempted.incrementAndGet();
        String key = UUID.randomUUID().toString();
        String last = "";
        while (System.nanoTime() < givenUpAt) {
            Outage before = outage;
            long begun = System.nanoTime();
            try {
                HttpResponse<String> answer = send(urls.get(random.nextInt(urls.size())) + path, body, key);
                judge(before, begun, path, answer);
                if (answer.statusCode() / 100 == 2) {
                    acknowledged.incrementAndGet();
                    return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
                }
                if (!refusal.isEmpty() && refusal.equals(answer.statusCode() + " " + code(answer))) {
                    refused.incrementAndGet();
                    return null;
                }
                last = answer.statusCode() + " " + answer.body();
                if (!isRefused(answer)) {
                    unexpected.add("POST " + path + ": " + last);
                    return null;
                }
            } catch (IOException e) {
                last = e.toString();
                judge(before, begun, path, null);
            }
            failedTries.incrementAndGet();
            pause(100);
        }
        unanswered.add("POST " + path + ": " + last);
        return null;
    }

    /** @param answer null for none */
    private void judge(Outage before, long begun, String path, @Nullable HttpResponse<String> answer) {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (!before.on) {
            return;
        }
        if (took.compareTo(before.atMost) > 0) {
            unexpected.add("POST " + path + " took " + took.toMillis() + " ms while PostgreSQL was away");
        }
        if (answer == null) {
            unexpected.add("POST " + path + " had no answer while PostgreSQL was away");
        } else if (before == outage && isRefused(answer)) {
            refusedInOutage.incrementAndGet();
        } else if (before == outage) {
            unexpected.add("POST " + path + " had " + answer.statusCode() + " while PostgreSQL was away");
        }
    }

    private static boolean isRefused(HttpResponse<String> answer) {
        return answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").isPresent();
    }

    private static String code(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body()).path("code").asString("none");
        } catch (JacksonException e) {
            return "none";
        }
    }

    private HttpResponse<String> send(String url, String body, String key) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("Authorization", token)
                .header("Idempotency-Key", key);
        if (body.isEmpty()) {
            request.POST(BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
