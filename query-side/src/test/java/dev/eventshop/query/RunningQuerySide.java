package dev.eventshop.query;

import dev.eventshop.testing.RunningMappings;
import dev.eventshop.testing.TestDatabase;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application on free ports over a test database, and a client of its HTTP interface, by default an operator's. */
final class RunningQuerySide implements AutoCloseable {

    private static final String AUTHORIZATION = "Authorization";
    private static final String OPERATOR = as("operator", "operator")[1];

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ConfigurableApplicationContext context;

    private RunningQuerySide(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningQuerySide on(TestDatabase database, String... properties) {
        return on(database, new Class<?>[0], properties);
    }

    /** @param sources configuration besides the application's own */
    static RunningQuerySide on(TestDatabase database, Class<?>[] sources, String... properties) {
        Map<String, String> all = new LinkedHashMap<>(database.springProperties("query_side"));
        all.putAll(TestIssuer.shared().springProperties());
        all.put("eventshop.query-side.port", "0");
        all.put("eventshop.query-side.management-port", "0");
        all.put("eventshop.query.heartbeat-interval", "300ms");
        all.put("eventshop.query.claim-interval", "300ms");
        for (String property : properties) {
            all.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
        }
        SpringApplicationBuilder builder = QuerySideApplication.builder().sources(sources);
        String[] arguments = all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new RunningQuerySide(builder.run(arguments));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** @return headers of a request by that person or program */
    static String[] as(String subject, String... roles) {
        return new String[] {AUTHORIZATION, "Bearer " + TestIssuer.shared().token(subject, roles)};
    }

    Answer get(String path, String... headers) {
        return send(request("GET", path, BodyPublishers.noBody(), headers));
    }

    CompletableFuture<Answer> getAsync(String path, String... headers) {
        return client.sendAsync(request("GET", path, BodyPublishers.noBody(), headers), BodyHandlers.ofString())
                .thenApply(Answer::new);
    }

    Answer post(String path, String body, String... headers) {
        return send(request("POST", path, BodyPublishers.ofString(body), headers));
    }

    Answer patch(String path, String body, String... headers) {
        return send(request("PATCH", path, BodyPublishers.ofString(body), headers));
    }

    Answer delete(String path, String... headers) {
        return send(request("DELETE", path, BodyPublishers.noBody(), headers));
    }

    String url() {
        return uri("local.server.port", "").toString();
    }

    /** @return all that can be called, as {@code GET /api/orders/{id}} */
    Set<String> routes() {
        return RunningMappings.of(context);
    }

    Answer management(String path) {
        return send(HttpRequest.newBuilder(uri("local.management.port", path)).build());
    }

    private URI uri(String port, String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port) + path);
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("local.server.port", path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Content-Type", "application/json");
        all.put(AUTHORIZATION, OPERATOR);
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        all.forEach(request::header);
        return request.build();
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

    @Override
    public void close() {
        context.close();
    }

    record Answer(HttpResponse<String> response) {

        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();

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

        String body() {
            return response.body();
        }

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String code() {
            return json().path("code").asString("");
        }

        String next() {
            return json().path("nextCursor").asString(null);
        }

        @Override
        public String toString() {
            return status() + " " + response.headers().map() + " " + response.body();
        }
    }
}
