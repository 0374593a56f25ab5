package dev.eventshop.query.storedevent;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.access.audit.Audited;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.eventstore.EventCriteria;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.SearchStep;
import dev.eventshop.eventstore.StoredEvent;
import dev.eventshop.eventstore.TailMonitor;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.stream.LastEventId;
import dev.eventshop.query.stream.Streams;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.Problems;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "Administration")
class StoredEventController {

    static final String NOT_FOUND = "AGGREGATE_NOT_FOUND";
    static final String NO_SUCH_AGGREGATE = "There is no event of that aggregate.";

    private static final String PERSONAL_DATA = "personalData";
    private static final int AGGREGATE_ID_LENGTH = 255;
    private static final String DESCENDING = "desc";
    private static final String ASCENDING = "asc";

    private final StoredEventReader events;
    private final TailMonitor tail;
    private final Streams streams;

    StoredEventController(StoredEventReader events, TailMonitor tail, Streams streams) {
        this.events = events;
        this.tail = tail;
        this.streams = streams;
    }

    @GetMapping("/api/admin/events")
    @AllowedTo(Role.OPERATOR)
    @Audited(onlyWith = PERSONAL_DATA)
    @Operation(
            summary = "Browses the event store, newest first",
            description =
                    "In the order of positions; with aggregateId in the order of sequence numbers. A page may have"
                            + " fewer items than fit, or none, although nextCursor leads on: a search for few of very many"
                            + " events pauses after a second. To follow what is appended, ask with order=asc and the position"
                            + " of the last event as from.")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<StoredEventView> list(
            @Parameter(description = "only events of this type", example = "OrderCreatedEvent")
                    @RequestParam(required = false)
                    @Nullable
                    String type,
            @Parameter(description = "only events of this aggregate", example = "order-17")
                    @RequestParam(required = false)
                    @Nullable
                    String aggregateId,
            @Parameter(
                            description =
                                    "only events behind this position, or of this instant and later; a date is its"
                                            + " beginning in UTC",
                            example = "2026-01-31T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(
                            description = "only events up to and with this position, or before this instant; a date is"
                                    + " its beginning in UTC",
                            example = "2026-02-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            @Parameter(
                            description = "newest or oldest first",
                            schema =
                                    @Schema(
                                            allowableValues = {DESCENDING, ASCENDING},
                                            defaultValue = DESCENDING))
                    @RequestParam(required = false)
                    @Nullable
                    String order,
            @Parameter(
                            description = "true shows personal data, and is written to the audit",
                            schema = @Schema(type = "boolean", defaultValue = "false"))
                    @RequestParam(name = PERSONAL_DATA, required = false)
                    @Nullable
                    String personalData,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        Set<String> types = types(type);
        String ofAggregate = QueryParameters.text("aggregateId", aggregateId, AGGREGATE_ID_LENGTH);
        StoreMoment begin = StoreMoment.parse("from", from);
        StoreMoment end = StoreMoment.parse("to", to);
        StoreMoment.ordered(begin, end);
        String direction = QueryParameters.oneOf("order", List.of(DESCENDING, ASCENDING), order);
        boolean clear = QueryParameters.isTrue(PERSONAL_DATA, personalData);
        EventQuery query = new EventQuery(types, begin, end, direction.equals(DESCENDING));
        if (ofAggregate != null) {
            return ofAggregate(ofAggregate, query, direction, cursor, limit, clear);
        }
        String list = "events-" + direction;
        Position reached = Cursor.decode(cursor, list, 1, keys -> Position.parse(keys.get(0)));
        return page(events.find(query, reached, limit.plusOne()), limit, clear, list, StoredEvent::position);
    }

    @GetMapping(path = "/api/admin/events/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Follows the event store",
            description = "Server-sent events: each event that is appended from now on, or behind from, in the order of"
                    + " positions; with Last-Event-ID each since. Personal data is masked. Comments are heartbeats. The"
                    + " stream ends when the token expires")
    @ApiResponse(
            responseCode = "200",
            description = "Events whose id is the position, and whose data is the event",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = StoredEventView.class)))
    @ApiResponse(responseCode = "503", description = "TOO_MANY_STREAMS: the instance has as many as it may")
    @ApiResponse(responseCode = "429", description = "TOO_MANY_STREAMS: the caller has as many as one may")
    ResponseEntity<SseEmitter> stream(
            @Parameter(description = "only events of this type", example = "OrderCreatedEvent")
                    @RequestParam(required = false)
                    @Nullable
                    String type,
            @Parameter(description = "only events of this aggregate", example = "order-17")
                    @RequestParam(required = false)
                    @Nullable
                    String aggregateId,
            @Parameter(
                            description = "to begin behind this position, or with this instant; a date is its beginning"
                                    + " in UTC",
                            example = "1-7431-99")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "id of the last event that the client has", example = "1-7431-99")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String lastEventId) {
        Set<String> types = types(type);
        String ofAggregate = QueryParameters.text("aggregateId", aggregateId, AGGREGATE_ID_LENGTH);
        StoreMoment begin = StoreMoment.parse("from", from);
        Position after = lastEventId == null || lastEventId.isEmpty() ? events.begin(begin) : position(lastEventId);
        StoredEventFeed feed = new StoredEventFeed(
                events, tail, new EventCriteria(types, ofAggregate, begin == null ? null : begin.time(), null), after);
        return ResponseEntity.ok()
                .header("X-Accel-Buffering", "no") // tells proxies to pass events on at once
                .body(streams.open(feed, StoredEventFeed.NUMBER, StoredEventFeed.NOTHING));
    }

    private static Position position(String lastEventId) {
        try {
            return Position.parse(lastEventId);
        } catch (IllegalArgumentException malformed) {
            throw Problems.invalid(LastEventId.HEADER, "must be the id of an event of this stream");
        }
    }

    private static Set<String> types(@Nullable String type) {
        if (type == null) {
            return Set.of();
        }
        if (EventRegistry.named(type).isEmpty()) {
            throw Problems.invalid("type", "must be the name of an event");
        }
        return Set.of(type);
    }

    @GetMapping("/api/admin/aggregates/{id}/events")
    @AllowedTo(Role.OPERATOR)
    @Audited(onlyWith = PERSONAL_DATA)
    @Operation(
            summary = "Shows the events of one aggregate, oldest first",
            description = "Up to the last one, in the order of sequence numbers.")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    @UnknownId(code = NOT_FOUND, detail = NO_SUCH_AGGREGATE)
    Page<StoredEventView> listOfAggregate(
            @Parameter(example = "order-17") @PathVariable String id,
            @Parameter(
                            description = "oldest or newest first",
                            schema =
                                    @Schema(
                                            allowableValues = {ASCENDING, DESCENDING},
                                            defaultValue = ASCENDING))
                    @RequestParam(required = false)
                    @Nullable
                    String order,
            @Parameter(
                            description = "true shows personal data, and is written to the audit",
                            schema = @Schema(type = "boolean", defaultValue = "false"))
                    @RequestParam(name = PERSONAL_DATA, required = false)
                    @Nullable
                    String personalData,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        String direction = QueryParameters.oneOf("order", List.of(ASCENDING, DESCENDING), order);
        boolean clear = QueryParameters.isTrue(PERSONAL_DATA, personalData);
        EventQuery query = new EventQuery(Set.of(), null, null, direction.equals(DESCENDING));
        Page<StoredEventView> page = ofAggregateOrNull(id, query, direction, cursor, limit, clear);
        if (page == null) {
            throw Problems.notFound(NOT_FOUND, NO_SUCH_AGGREGATE);
        }
        return page;
    }

    private Page<StoredEventView> ofAggregate(
            String id, EventQuery query, String direction, @Nullable String cursor, Limit limit, boolean clear) {
        Page<StoredEventView> page = ofAggregateOrNull(id, query, direction, cursor, limit, clear);
        return page == null ? new Page<>(List.of(), null) : page;
    }

    private @Nullable Page<StoredEventView> ofAggregateOrNull(
            String id, EventQuery query, String direction, @Nullable String cursor, Limit limit, boolean clear) {
        String list = "aggregate-events-" + direction;
        Long reached = Cursor.decode(cursor, list, 1, keys -> sequenceNumber(keys.get(0)));
        return events.findOf(id, query, reached, limit.plusOne())
                .map(found -> page(found, limit, clear, list, StoredEvent::sequenceNumber))
                .orElse(null);
    }

    private static long sequenceNumber(String key) {
        if (!key.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("no sequence number");
        }
        return Long.parseLong(key);
    }

    private <P> Page<StoredEventView> page(
            SearchStep<P> found, Limit limit, boolean clear, String list, Function<StoredEvent, P> key) {
        List<StoredEvent> rows = found.events();
        P next = found.reached();
        if (rows.size() > limit.value()) {
            rows = rows.subList(0, limit.value());
            next = key.apply(rows.get(rows.size() - 1));
        }
        return new Page<>(
                events.views(rows, clear),
                next == null ? null : Cursor.of(list, next).encode());
    }
}
