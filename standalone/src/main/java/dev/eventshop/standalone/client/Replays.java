package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Rebuilds of read models, asked for over HTTP. All methods throw {@link UnexpectedAnswer} when it does not work out. */
public final class Replays {

    private final String url;
    private final Http http;

    /** @param timeout of an answer */
    public Replays(Endpoints endpoints, Duration timeout) {
        this.url = endpoints.querySide() + "/api/admin/replays";
        this.http = Http.asOperator(endpoints, timeout);
    }

    /** @return the replay as it begins */
    public JsonNode start(String projection, String mode) {
        return http.post(url, Map.of("projection", projection, "mode", mode))
                .successful("POST " + url)
                .json();
    }

    public JsonNode show(long id) {
        String one = url + "/" + id;
        return http.get(one).successful("GET " + one).json();
    }

    /** @return newest first */
    public Collection<JsonNode> latest() {
        return http.get(url).successful("GET " + url).json().path("items").values();
    }

    public void cancel(long id) {
        String one = url + "/" + id;
        http.delete(one).successful("DELETE " + one);
    }
}
