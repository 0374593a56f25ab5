package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** History for a queue, asked for over HTTP. All methods throw {@link UnexpectedAnswer} when it does not work out. */
public final class Republications {

    private final String url;
    private final Http http;

    /** @param timeout of an answer */
    public Republications(Endpoints endpoints, Duration timeout) {
        this.url = endpoints.commandSide() + "/api/admin/republications";
        this.http = Http.asOperator(endpoints, timeout);
    }

    /**
     * What is to be sent, and where to.
     *
     * @param from          null for the beginning
     * @param to            null for the end
     * @param types         empty for all
     * @param aggregateId   null for all
     * @param ratePerSecond null for no bound
     * @param dryRun        only count
     */
    public record Order(
            String queue,
            @Nullable Moment from,
            @Nullable Moment to,
            List<String> types,
            @Nullable String aggregateId,
            @Nullable Integer ratePerSecond,
            boolean dryRun) {

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("queue", queue);
            if (from != null) {
                json.put("from", from.json());
            }
            if (to != null) {
                json.put("to", to.json());
            }
            if (!types.isEmpty()) {
                json.put("types", types);
            }
            if (aggregateId != null) {
                json.put("aggregateId", aggregateId);
            }
            if (ratePerSecond != null) {
                json.put("ratePerSecond", ratePerSecond);
            }
            json.put("dryRun", dryRun);
            return json;
        }
    }

    /** @return the republication as it begins */
    public JsonNode start(Order order) {
        return http.post(url, order.json()).successful("POST " + url).json();
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
