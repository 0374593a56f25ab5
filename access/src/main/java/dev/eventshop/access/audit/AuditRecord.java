package dev.eventshop.access.audit;

import dev.eventshop.access.audit.AuditEntry.Outcome;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(name = "AuditEntry", description = "That somebody did something, was about to, or was refused")
record AuditRecord(
        @Schema(example = "42") long id,
        @Schema(example = "2026-01-31T10:15:30Z") Instant at,

        @Schema(
                example = "operator",
                nullable = true,
                description = "a member of staff by the subject of their token, a customer by a pseudonym; null when"
                        + " nobody was known")
        @Nullable
        String actor,

        @Schema(example = "[\"operator\"]", description = "of the actor")
        List<String> roles,

        @Schema(example = "POST /api/admin/replays", description = "method and pattern of the path")
        String action,

        @Schema(example = "/api/admin/replays", description = "path, with the query where personal data was asked for")
        String target,

        @Schema(example = "10.0.0.7", nullable = true, description = "where it came from; null after a while") @Nullable
        String address,

        @Schema(example = "DONE", description = "BEGUN stands before every action; how it ended is an entry of its own")
        Outcome outcome,

        @Schema(example = "202", nullable = true, description = "of HTTP; null when it has begun only") @Nullable
        Integer status,

        @Schema(example = "1", description = "how often, where refusals of an address were put together")
        int times) {

    /** Without who, and from where. */
    @Override
    public String toString() {
        return "AuditRecord[" + id + ", " + action + ", " + outcome + "]";
    }
}
