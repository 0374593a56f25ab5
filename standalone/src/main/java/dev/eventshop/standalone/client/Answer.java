package dev.eventshop.standalone.client;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What a service has answered.
 *
 * @param json     the body; a missing node when it is none in JSON
 * @param position of the event store after a write, empty otherwise
 */
public record Answer(int status, JsonNode json, String position) {

    /** @return the code of a problem, empty when the answer is none */
    public String code() {
        return json.path("code").asString("");
    }

    /** @throws UnexpectedAnswer when the request was not carried out */
    public Answer successful(String request) {
        if (status < 200 || status > 299) {
            String name = either("code", "error");
            String reason = either("detail", "error_description");
            throw new UnexpectedAnswer(request + " was answered with " + status
                    + (name.isEmpty() ? "" : " " + name)
                    + (reason.isEmpty() ? "" : ": " + reason)
                    + json.path("errors")
                            .valueStream()
                            .map(each -> " " + each.path("field").asString("") + " "
                                    + each.path("message").asString("") + ".")
                            .collect(Collectors.joining()));
        }
        return this;
    }

    /** @return the field of a problem, or that of an issuer's error (RFC 6749, 5.2), or nothing */
    private String either(String ofProblem, String ofIssuer) {
        return json.path(ofProblem).asString(json.path(ofIssuer).asString(""));
    }
}
