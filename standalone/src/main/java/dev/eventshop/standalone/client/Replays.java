package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    /**
     * @param from null for the whole
     * @return the replay as it begins
     */
    public JsonNode start(String projection, String mode, @Nullable Moment from) {
        Map<String, Object> json = new LinkedHashMap<>(Map.of("projection", projection, "mode", mode));
        if (from != null) {
            json.put("from", from.json());
        }
        return http.post(url, json).successful("POST " + url).json();
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
