package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * What is stored, against what the broker has confirmed and against what is in the views, asked for over HTTP. All methods
 * throw {@link UnexpectedAnswer} when it does not work out.
 */
public final class Reconciliations {

    private static final String PATH = "/api/admin/reconciliation";

    private final String commandSide;
    private final String querySide;
    private final Http http;

    /** @param timeout of an answer, for which everything is counted */
    public Reconciliations(Endpoints endpoints, Duration timeout) {
        this.commandSide = endpoints.commandSide() + PATH;
        this.querySide = endpoints.querySide() + PATH;
        this.http = Http.asOperator(endpoints, timeout);
    }

    /** @return of the command side: stored against confirmed */
    public JsonNode confirmed() {
        return http.get(commandSide).successful("GET " + commandSide).json();
    }

    /** @return of the query side: stored against projected */
    public JsonNode projected() {
        return http.get(querySide).successful("GET " + querySide).json();
    }
}
