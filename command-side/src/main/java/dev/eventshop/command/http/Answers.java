package dev.eventshop.command.http;

import dev.eventshop.command.dispatch.Outcome;
import java.net.URI;
import org.springframework.http.ResponseEntity;

/** Answers to successful writes: each tells the aggregate's version and a position to read from. */
public final class Answers {

    /** A position in the event store that reads can wait for; opaque to clients. */
    public static final String EVENT_POSITION = "Event-Position";

    private Answers() {}

    /** @param location path of the new resource on the query side */
    public static <T> ResponseEntity<T> created(String location, Outcome outcome, T body) {
        return ResponseEntity.created(URI.create(location))
                .eTag(etag(outcome))
                .header(EVENT_POSITION, outcome.position().toString())
                .body(body);
    }

    public static ResponseEntity<Void> done(Outcome outcome) {
        return ResponseEntity.noContent()
                .eTag(etag(outcome))
                .header(EVENT_POSITION, outcome.position().toString())
                .build();
    }

    private static String etag(Outcome outcome) {
        return "\"" + outcome.version() + "\"";
    }
}
