package dev.eventshop.command.http;

import dev.eventshop.command.dispatch.Outcome;
import dev.eventshop.web.ETags;
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
                .eTag(ETags.of(outcome.version()))
                .header(EVENT_POSITION, outcome.position().toString())
                .body(body);
    }

    public static ResponseEntity<Void> done(Outcome outcome) {
        return ResponseEntity.noContent()
                .eTag(ETags.of(outcome.version()))
                .header(EVENT_POSITION, outcome.position().toString())
                .build();
    }
}
