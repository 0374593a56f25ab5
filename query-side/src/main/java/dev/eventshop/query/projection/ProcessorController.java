package dev.eventshop.query.projection;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.TailLag;
import dev.eventshop.eventstore.TokenStatus;
import dev.eventshop.query.projection.ProcessorStatus.SegmentStatus;
import dev.eventshop.query.projection.ProcessorStatus.State;
import dev.eventshop.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Administration")
class ProcessorController {

    private final Projections projections;
    private final AppliedPositions positions;
    private final PostgresTokenStore tokens;
    private final EventLog events;
    private final ParkedEvents parked;
    private final Generations generations;
    private final Clock clock;

    ProcessorController(
            Projections projections,
            AppliedPositions positions,
            PostgresTokenStore tokens,
            EventLog events,
            ParkedEvents parked,
            Generations generations,
            Clock clock) {
        this.projections = projections;
        this.positions = positions;
        this.tokens = tokens;
        this.events = events;
        this.parked = parked;
        this.generations = generations;
        this.clock = clock;
    }

    @GetMapping("/api/admin/processors")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Tells how far the projections are, and who works on them")
    @ApiResponse(responseCode = "200", description = "All projections", useReturnTypeSchema = true)
    Page<ProcessorStatus> list() {
        Map<String, Long> deadLetters = parked.counts();
        Map<String, Generations.Live> live = generations.live();
        return new Page<>(
                projections.all().stream()
                        .map(projection -> status(
                                projection,
                                deadLetters.getOrDefault(projection.name(), 0L),
                                live.get(projection.name())))
                        .toList(),
                null);
    }

    private ProcessorStatus status(Projection projection, long deadLetters, Generations.@Nullable Live live) {
        String name = projection.name();
        TailLag lag = TailLag.behind(positions.reached(name), events, clock);
        List<TokenStatus> segments = tokens.status(name);
        Map<Integer, Position> local = projections.processor(name).positions(positions.resets(name));
        String error = projections.error(name).orElse(null);
        boolean owned = segments.stream().anyMatch(TokenStatus::claimed);
        State state = projections.isPaused(name)
                ? State.PAUSED
                : error != null ? State.ERROR : owned ? State.RUNNING : State.STOPPED;
        return new ProcessorStatus(
                name,
                state,
                lag.position().toString(),
                lag.events(),
                lag.seconds(),
                error,
                deadLetters,
                segments.stream()
                        .map(segment -> new SegmentStatus(
                                segment.segment(),
                                local.getOrDefault(segment.segment(), segment.position())
                                        .toString(),
                                segment.claimed() ? segment.owner() : null))
                        .toList(),
                live == null ? List.of() : live.generations(projection));
    }
}
