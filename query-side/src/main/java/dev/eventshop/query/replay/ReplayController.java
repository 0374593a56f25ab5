package dev.eventshop.query.replay;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Caller;
import dev.eventshop.access.Role;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.Projections;
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
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@RequestMapping("/api/admin/replays")
@UnknownId(code = ReplayController.NOT_FOUND, detail = ReplayController.NO_SUCH_REPLAY)
@Tag(name = "Administration")
class ReplayController {

    static final String NOT_FOUND = "REPLAY_NOT_FOUND";
    static final String NO_SUCH_REPLAY = "There is no such replay.";
    private static final String LIST = "replays";

    private final Replays replays;
    private final Projections projections;
    private final ReplayViews views;
    private final EventLog events;
    private final Streams streams;
    private final ReplayFeed feed;

    ReplayController(
            Replays replays,
            Projections projections,
            ReplayViews views,
            EventLog events,
            Streams streams,
            ReplayFeed feed) {
        this.replays = replays;
        this.projections = projections;
        this.views = views;
        this.events = events;
        this.streams = streams;
        this.feed = feed;
    }

    @PostMapping
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Rebuilds a projection from the events",
            description =
                    "Side by side: it is filled again beside the view that readers see, and takes its place when it"
                            + " has caught up. In place: the view is emptied and filled again, and readers see it grow; with"
                            + " from, only the rows of what has changed since then.")
    @ApiResponse(responseCode = "202", description = "It has begun, or is queued", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "PROJECTION_NOT_FOUND")
    @ApiResponse(
            responseCode = "409",
            description = "REPLAY_RUNNING: the projection has one that has not ended;"
                    + " REPLAY_NEEDS_NEWER_RELEASE: in place, and no instance that runs has the version that"
                    + " readers see")
    ResponseEntity<ReplayView> start(@RequestBody ReplayRequest request, Caller caller) {
        String projection = request.projection();
        if (projection == null || projection.isBlank()) {
            throw Problems.invalid("projection", "is required");
        }
        ReplayMode mode = mode(request.mode());
        ReplayRequest.Start start = request.from();
        if (start != null && mode == ReplayMode.SIDE_BY_SIDE) {
            throw Problems.invalid("from", "is for IN_PLACE only: beside the view, everything is built anew");
        }
        Supplier<Position> from = start == null ? null : position(start);
        Projection found = projections
                .named(projection)
                .orElseThrow(() -> Problems.notFound("PROJECTION_NOT_FOUND", "There is no such projection."));
        if (start != null && !found.divisible()) {
            throw Problems.invalid(
                    "from",
                    "is not possible for " + projection
                            + ": its rows are shared by many aggregates, so no part of it can be made anew; leave it out");
        }
        if (mode == ReplayMode.IN_PLACE && !projections.isServed(found)) {
            throw Problems.conflict(
                    "REPLAY_NEEDS_NEWER_RELEASE",
                    "Readers see what a newer release has made, and no instance of it is running: the view would stay"
                            + " empty. Replay it side by side.");
        }
        long id = replays.request(projection, mode, from == null ? null : from.get(), caller.subject())
                .orElseThrow(() -> Problems.conflict(
                        "REPLAY_RUNNING", "That projection has a replay already that has not ended."));
        return ResponseEntity.accepted()
                .location(URI.create("/api/admin/replays/" + id))
                .body(show(id));
    }

    /** @return asks the store, where it is a time */
    private Supplier<Position> position(ReplayRequest.Start start) {
        if ((start.position() == null) == (start.time() == null)) {
            throw Problems.invalid("from", "must have either a position or a time");
        }
        Instant time = QueryParameters.instant("from.time", start.time());
        if (time != null) {
            return () -> events.before(time);
        }
        try {
            Position position = Position.parse(String.valueOf(start.position()));
            return () -> position;
        } catch (IllegalArgumentException e) {
            throw Problems.invalid("from.position", "must be a position in the event store");
        }
    }

    private static ReplayMode mode(@Nullable String mode) {
        if (mode == null) {
            return ReplayMode.SIDE_BY_SIDE;
        }
        return Arrays.stream(ReplayMode.values())
                .filter(known -> known.name().equals(mode))
                .findFirst()
                .orElseThrow(() -> Problems.invalid("mode", "must be SIDE_BY_SIDE or IN_PLACE"));
    }

    @GetMapping
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Lists replays, newest first")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<ReplayView> list(
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        Long before = Cursor.decode(cursor, LIST, 1, keys -> Long.valueOf(keys.get(0)));
        List<ReplayView> found = replays.list(before == null ? Long.MAX_VALUE : before, limit.plusOne()).stream()
                .map(views::of)
                .toList();
        return Answers.page(found, limit, last -> Cursor.of(LIST, last.id()));
    }

    @GetMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Shows one replay")
    @ApiResponse(responseCode = "200", description = "The replay", useReturnTypeSchema = true)
    ReplayView show(@Parameter(example = "3") @PathVariable long id) {
        return views.of(find(id));
    }

    @GetMapping(path = "/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Streams one replay",
            description = "The replay as it is, and again whenever it has changed. The stream ends with the replay, or"
                    + " when the token expires")
    @ApiResponse(
            responseCode = "200",
            description = "Server-sent events",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = ReplayView.class)))
    @ApiResponse(responseCode = "503", description = "TOO_MANY_STREAMS: the instance has as many as it may")
    @ApiResponse(responseCode = "429", description = "TOO_MANY_STREAMS: the caller has as many as one may")
    ResponseEntity<SseEmitter> stream(
            @Parameter(example = "3") @PathVariable long id,
            @Parameter(description = "id of the last event that the client has got", example = "7")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String lastEventId) {
        long known = LastEventId.parse(lastEventId);
        if (known > find(id).revision()) {
            known = LastEventId.NONE; // of something else
        }
        return ResponseEntity.ok()
                .header("X-Accel-Buffering", "no") // tells proxies to pass events on at once
                .body(streams.open(feed, Math.toIntExact(id), known));
    }

    @PatchMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Changes how fast a replay may be", description = "Of one side by side that has not ended.")
    @ApiResponse(responseCode = "200", description = "The replay", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "REPLAY_NOT_CHANGEABLE: it has ended, or is in place")
    ReplayView change(@Parameter(example = "3") @PathVariable long id, @RequestBody ReplayChange change) {
        Integer bound = change.ratePerSecond();
        if (bound != null && bound < 1) {
            throw Problems.invalid("ratePerSecond", "must be at least 1, or null");
        }
        find(id);
        if (!replays.throttle(id, bound)) {
            throw Problems.conflict("REPLAY_NOT_CHANGEABLE", "That replay has ended, or is in place.");
        }
        return show(id);
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Cancels a replay", description = "The view is as it was before.")
    @ApiResponse(responseCode = "204", description = "It is cancelled")
    @ApiResponse(
            responseCode = "409",
            description = "REPLAY_NOT_CANCELLABLE: it has ended, or readers see what it has made")
    ResponseEntity<Void> cancel(@Parameter(example = "3") @PathVariable long id) {
        find(id);
        if (!replays.cancel(id)) {
            throw Problems.conflict(
                    "REPLAY_NOT_CANCELLABLE", "That replay has ended, or readers see what it has made already.");
        }
        return ResponseEntity.noContent().build();
    }

    private Replay find(long id) {
        return replays.find(id).orElseThrow(() -> Problems.notFound(NOT_FOUND, NO_SUCH_REPLAY));
    }
}
