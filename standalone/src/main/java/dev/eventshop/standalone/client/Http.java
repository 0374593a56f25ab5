package dev.eventshop.standalone.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
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

    /** @param timeout of an answer */
    public Http(Duration timeout) {
        this.timeout = timeout;
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
    Answer put(String url, Object body) {
        return send("PUT " + url, write(url).PUT(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    private static HttpRequest.Builder write(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json");
    }

    private Answer send(String what, HttpRequest.Builder request) {
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
