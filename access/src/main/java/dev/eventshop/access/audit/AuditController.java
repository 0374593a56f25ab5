package dev.eventshop.access.audit;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.access.audit.AuditEntry.Outcome;
import dev.eventshop.access.audit.AuditFilter.Place;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The same in each service: what stands in its own table. */
@RestController
@Tag(name = "Administration")
class AuditController {

    private static final String LIST = "audit";

    /** What {@code timestamptz} and four digits of a year can both hold. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    @GetMapping("/api/admin/audit")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Lists who did what, newest first",
            description = "What was done and refused in this service: each has an audit of its own.")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<AuditRecord> list(
            @Parameter(description = "only entries of this actor", example = "operator")
                    @RequestParam(required = false)
                    @Size(max = AuditLog.LONGEST)
                    @Nullable
                    String actor,
            @Parameter(description = "only entries whose path begins like this", example = "/api/admin/replays")
                    @RequestParam(required = false)
                    @Size(max = AuditLog.LONGEST)
                    @Nullable
                    String target,
            @Parameter(description = "only entries with this outcome", example = "REFUSED")
                    @RequestParam(required = false)
                    @Nullable
                    Outcome outcome,
            @Parameter(description = "only entries of this instant and later", example = "2026-01-31T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    Instant from,
            @Parameter(description = "only entries before this instant", example = "2026-02-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    Instant to,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        Place before = Cursor.decode(
                cursor, LIST, 2, keys -> new Place(storable(Instant.parse(keys.get(0))), Long.parseLong(keys.get(1))));
        AuditFilter filter = new AuditFilter(
                actor, target, outcome, from == null ? null : storable(from), to == null ? null : storable(to), before);
        return Page.of(log.list(filter, limit.plusOne()), limit, last -> Cursor.of(LIST, last.at(), last.id()));
    }

    /** Nothing was done before or after. */
    private static Instant storable(Instant moment) {
        return moment.isBefore(EARLIEST) ? EARLIEST : moment.isAfter(LATEST) ? LATEST : moment;
    }
}
