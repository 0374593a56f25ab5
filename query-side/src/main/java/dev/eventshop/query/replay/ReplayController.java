package dev.eventshop.query.replay;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Caller;
import dev.eventshop.access.Role;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.Problems;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

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

    ReplayController(Replays replays, Projections projections) {
        this.replays = replays;
        this.projections = projections;
    }

    @PostMapping
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Rebuilds a projection from the events",
            description = "In place: the view is emptied and filled again, and readers see it grow.")
    @ApiResponse(responseCode = "202", description = "It has begun, or is queued", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "PROJECTION_NOT_FOUND")
    @ApiResponse(responseCode = "409", description = "REPLAY_RUNNING: the projection has one that has not ended")
    ResponseEntity<ReplayView> start(@RequestBody ReplayRequest request, Caller caller) {
        String projection = request.projection();
        if (projection == null || projection.isBlank()) {
            throw Problems.invalid("projection", "is required");
        }
        ReplayMode mode = mode(request.mode());
        if (request.from() != null && !request.from().isNull()) {
            throw Problems.invalid("from", "is not supported yet: a replay begins with the first event");
        }
        if (projections.named(projection).isEmpty()) {
            throw Problems.notFound("PROJECTION_NOT_FOUND", "There is no such projection.");
        }
        long id = replays.request(projection, mode, caller.subject())
                .orElseThrow(() -> Problems.conflict(
                        "REPLAY_RUNNING", "That projection has a replay already that has not ended."));
        return ResponseEntity.accepted()
                .location(URI.create("/api/admin/replays/" + id))
                .body(show(id));
    }

    private static ReplayMode mode(@Nullable String mode) {
        if (mode == null || mode.equals(ReplayMode.IN_PLACE.name())) {
            return ReplayMode.IN_PLACE;
        }
        if (mode.equals(ReplayMode.SIDE_BY_SIDE.name())) {
            throw Problems.invalid("mode", "SIDE_BY_SIDE is not supported yet: use IN_PLACE");
        }
        throw Problems.invalid("mode", "must be IN_PLACE");
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
                .map(this::view)
                .toList();
        return Answers.page(found, limit, last -> Cursor.of(LIST, last.id()));
    }

    @GetMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Shows one replay")
    @ApiResponse(responseCode = "200", description = "The replay", useReturnTypeSchema = true)
    ReplayView show(@Parameter(example = "3") @PathVariable long id) {
        return replays.find(id).map(this::view).orElseThrow(() -> Problems.notFound(NOT_FOUND, NO_SUCH_REPLAY));
    }

    private ReplayView view(Replay replay) {
        return ReplayView.of(
                replay,
                projections
                        .named(replay.projection())
                        .flatMap(projection -> projections.error(projection.name()))
                        .orElse(null));
    }
}
