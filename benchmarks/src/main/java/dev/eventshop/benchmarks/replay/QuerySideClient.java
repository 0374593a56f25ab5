package dev.eventshop.benchmarks.replay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who reads and replays. */
final class QuerySideClient {

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = new JsonMapper();
    private final String url;
    private final String token;

    QuerySideClient(String url, String token) {
        this.url = url;
        this.token = token;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    JsonNode json(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    /** @return the path of the replay */
    String replay(ReadModel model) {
        HttpResponse<String> answer = send(request("/api/admin/replays")
                .POST(BodyPublishers.ofString("{\"projection\":\"" + model.projection() + "\"}"))
                .build());
        if (answer.statusCode() != 202) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("Location").orElseThrow();
    }

    JsonNode awaitCompleted(String replay) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            JsonNode view = json(get(replay));
            switch (view.path("state").asString()) {
                case "COMPLETED" -> {
                    return view;
                }
                case "FAILED", "CANCELLED" -> throw new IllegalStateException(view.toString());
                default -> TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException(replay + " takes too long");
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", token)
                .header("Content-Type", "application/json");
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
