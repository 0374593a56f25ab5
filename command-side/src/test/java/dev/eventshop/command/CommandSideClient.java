package dev.eventshop.command;

import dev.eventshop.testing.TestIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the HTTP interface, by default an operator's. */
class CommandSideClient {

    private static final String AUTHORIZATION = "Authorization";
    private static final String OPERATOR = as("operator", "operator")[1];

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String url;

    CommandSideClient(int port) {
        this.url = "http://127.0.0.1:" + port;
    }

    String url() {
        return url;
    }

    /** @return headers of a request by that person or program */
    static String[] as(String subject, String... roles) {
        return new String[] {AUTHORIZATION, "Bearer " + TestIssuer.shared().token(subject, roles)};
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), headers);
    }

    Answer post(String path) {
        return send("POST", path, BodyPublishers.noBody());
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, BodyPublishers.ofString(body), headers);
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    Answer get(URI uri) {
        return send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build());
    }

    Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Content-Type", "application/json");
        all.put(AUTHORIZATION, OPERATOR);
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        all.forEach(request::header);
        return send(request.build());
    }

    private Answer send(HttpRequest request) {
        try {
            return new Answer(client.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int product(int stock) {
        return post("/api/products", "{\"name\":\"Teapot\",\"price\":19.90,\"initialStock\":" + stock + "}")
                .expect(201)
                .json()
                .get("productId")
                .intValue();
    }

    Answer product(int stock, String price) {
        return post("/api/products", "{\"name\":\"Teapot\",\"price\":" + price + ",\"initialStock\":" + stock + "}");
    }

    int user(String email) {
        return post("/api/users", "{\"email\":\"" + email + "\",\"fullName\":\"Ada Lovelace\",\"locale\":\"vi\"}")
                .expect(201)
                .json()
                .get("userId")
                .intValue();
    }

    /** @return number of a new order of that many units of each of the products */
    int order(int user, int quantity, int... products) {
        return tryToOrder(user, quantity, products)
                .expect(201)
                .json()
                .get("orderId")
                .intValue();
    }

    Answer tryToOrder(int user, int quantity, int... products) {
        String items = Arrays.stream(products)
                .mapToObj(product -> "{\"productId\":" + product + ",\"quantity\":" + quantity + "}")
                .collect(Collectors.joining(","));
        return post("/api/orders", "{\"userId\":" + user + ",\"items\":[" + items + "]}");
    }

    Answer cancel(int order) {
        return post("/api/orders/" + order + "/cancellation", "{\"reason\":\"Changed my mind\"}");
    }

    Answer adjust(int product, int delta, String... headers) {
        return post("/api/products/" + product + "/stock-adjustments", "{\"delta\":" + delta + "}", headers);
    }

    Answer takeStock(int product, int stock, String... headers) {
        return put("/api/products/" + product + "/stock", "{\"stock\":" + stock + "}", headers);
    }

    record Answer(HttpResponse<String> response) {

        private static final JsonMapper JSON = JsonMapper.shared();

        int status() {
            return response.statusCode();
        }

        Answer expect(int status) {
            if (status() != status) {
                throw new AssertionError("expected " + status + " but got " + this);
            }
            return this;
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String code() {
            return json().path("code").asString("");
        }

        long version() {
            return Long.parseLong(header("ETag").replace("\"", ""));
        }

        String position() {
            return header("Event-Position");
        }

        @Override
        public String toString() {
            return status() + " " + response.headers().map() + " " + response.body();
        }
    }
}
