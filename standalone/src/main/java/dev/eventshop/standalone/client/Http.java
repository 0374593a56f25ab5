package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Speaks JSON over HTTP. */
public final class Http {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    private final JsonMapper json = new JsonMapper();
    private final Duration timeout;
    private final Supplier<String> token;

    /**
     * @param timeout of an answer
     * @param token   sent with each request; empty for none
     */
    public Http(Duration timeout, Supplier<String> token) {
        this.timeout = timeout;
        this.token = token;
    }

    /**
     * @param timeout of an answer
     * @return speaks with the services of a running system as an operator
     */
    public static Http asOperator(Endpoints endpoints, Duration timeout) {
        return new Http(timeout, new OperatorTokens(endpoints, timeout));
    }

    /** @throws UnexpectedAnswer when there is no answer */
    public Answer get(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send("GET " + url, request);
    }

    /**
     * @param body what Jackson writes as JSON
     * @throws UnexpectedAnswer when there is no answer
     */
    Answer post(String url, Object body) {
        return send("POST " + url, write(url).POST(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    /** @throws UnexpectedAnswer when there is no answer */
    Answer post(String url) {
        return send("POST " + url, write(url).POST(BodyPublishers.noBody()));
    }

    /** @throws UnexpectedAnswer when there is no answer */
    public Answer delete(String url) {
        return send("DELETE " + url, HttpRequest.newBuilder(URI.create(url)).DELETE());
    }

    /** @throws UnexpectedAnswer when there is no answer */
    Answer put(String url, Object body) {
        return send("PUT " + url, write(url).PUT(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    private static HttpRequest.Builder write(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json");
    }

    Answer send(String what, HttpRequest.Builder request) {
        String bearer = token.get();
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            HttpResponse<String> response = client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    read(response.body()),
                    response.headers().firstValue("Event-Position").orElse(""));
        } catch (ConnectException e) {
            throw new UnexpectedAnswer(what + " failed: nobody listens there", e);
        } catch (IOException e) {
            throw new UnexpectedAnswer(what + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedAnswer(what + " was interrupted", e);
        }
    }

    private JsonNode read(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : json.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }
}
