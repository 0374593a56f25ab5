package dev.eventshop.query.deadletter;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.access.audit.Audited;
import dev.eventshop.query.deadletter.DeadLetters.GroupKey;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.storedevent.StoredEventReader;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.Problems;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/admin/dead-letters")
@UnknownId(code = DeadLetterController.NOT_FOUND, detail = DeadLetterController.NO_SUCH_LETTER)
@Tag(name = "Administration")
class DeadLetterController {

    static final String NOT_FOUND = "DEAD_LETTER_NOT_FOUND";
    static final String NO_SUCH_LETTER = "There is no such dead letter.";
    private static final String LIST = "dead-letters";
    private static final String GROUPS = "dead-letter-groups";
    private static final String PERSONAL_DATA = "personalData";

    private final DeadLetters letters;
    private final StoredEventReader events;
    private final Projections projections;

    DeadLetterController(DeadLetters letters, StoredEventReader events, Projections projections) {
        this.letters = letters;
        this.events = events;
        this.projections = projections;
    }

    @GetMapping
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Lists the events that projections have set apart, oldest first",
            description = "An event that can't be applied, and those of the same aggregate behind it. The first of an"
                    + " aggregate is tried again by itself, with growing pauses.")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<DeadLetter> list(
            @Parameter(example = "order-summary") @RequestParam(required = false) @Nullable String projection,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        requireKnown(projection);
        Long after = Cursor.decode(cursor, LIST, 1, keys -> Long.valueOf(keys.get(0)));
        List<DeadLetter> found = letters.list(projection, after == null ? 0 : after, limit.plusOne());
        return Answers.page(found, limit, last -> Cursor.of(LIST, last.id()));
    }

    @GetMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Audited(onlyWith = PERSONAL_DATA)
    @Operation(summary = "Shows one event that was set apart, with what it says and where it failed")
    @ApiResponse(responseCode = "200", description = "The event", useReturnTypeSchema = true)
    DeadLetterDetails show(
            @Parameter(example = "7") @PathVariable long id,
            @Parameter(
                            description = "true shows personal data, and is written to the audit",
                            schema = @Schema(type = "boolean", defaultValue = "false"))
                    @RequestParam(name = PERSONAL_DATA, required = false)
                    @Nullable
                    String personalData) {
        boolean clear = QueryParameters.isTrue(PERSONAL_DATA, personalData);
        DeadLetter letter = letters.find(id).orElseThrow(DeadLetterController::unknown);
        return new DeadLetterDetails(
                letter,
                letters.stackTrace(id).orElse(null),
                events.find(letter.aggregateId(), letter.sequenceNumber(), clear)
                        .orElse(null));
    }

    @GetMapping("/groups")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Lists the errors that events were set apart for, by projection",
            description = "Without those that wait for others before them.")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<DeadLetterGroup> groups(
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        GroupKey after = Cursor.decode(cursor, GROUPS, 2, keys -> new GroupKey(keys.get(0), keys.get(1)));
        List<DeadLetterGroup> found = letters.groups(after == null ? GroupKey.START : after, limit.plusOne());
        return Answers.page(found, limit, last -> Cursor.of(GROUPS, last.projection(), last.errorClass()));
    }

    @GetMapping("/hours")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Counts events that are set apart, by the hour of the last seven days in which they were",
            description = "Hours without any are left out.")
    @ApiResponse(responseCode = "200", description = "All of them", useReturnTypeSchema = true)
    Page<DeadLetterHour> hours() {
        return new Page<>(letters.hours(), null);
    }

    @PostMapping("/{id}/retry")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Tries an event again",
            description = "Within a second or so, after those of the same aggregate before it; when the projection is"
                    + " being replayed, after that.")
    @ApiResponse(responseCode = "202", description = "It will be", useReturnTypeSchema = true)
    ResponseEntity<DeadLetterCount> retry(@Parameter(example = "7") @PathVariable long id) {
        return known(letters.retry(DeadLetters.one(id)));
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Discards an event",
            description = "The view goes on without what it says, also after a rebuild. The event stays in the store.")
    @ApiResponse(responseCode = "202", description = "It is", useReturnTypeSchema = true)
    ResponseEntity<DeadLetterCount> discard(@Parameter(example = "7") @PathVariable long id) {
        return known(letters.discard(DeadLetters.one(id)));
    }

    @PostMapping("/retry")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Tries events again", description = "Those that have all that is given; with {}, all.")
    @ApiResponse(responseCode = "202", description = "They will be", useReturnTypeSchema = true)
    ResponseEntity<DeadLetterCount> retryGroup(@RequestBody DeadLetterFilter which) {
        requireKnown(which.projection());
        return ResponseEntity.accepted().body(new DeadLetterCount(letters.retry(which.condition())));
    }

    @PostMapping("/discard")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Discards events", description = "Those that have all that is given; with {}, all.")
    @ApiResponse(responseCode = "202", description = "They are", useReturnTypeSchema = true)
    ResponseEntity<DeadLetterCount> discardGroup(@RequestBody DeadLetterFilter which) {
        requireKnown(which.projection());
        return ResponseEntity.accepted().body(new DeadLetterCount(letters.discard(which.condition())));
    }

    private void requireKnown(@Nullable String projection) {
        if (projection != null && projections.named(projection).isEmpty()) {
            throw Problems.invalid("projection", "is none");
        }
    }

    private static ResponseEntity<DeadLetterCount> known(long count) {
        if (count == 0) {
            throw unknown();
        }
        return ResponseEntity.accepted().body(new DeadLetterCount(count));
    }

    private static RuntimeException unknown() {
        return Problems.notFound(NOT_FOUND, NO_SUCH_LETTER);
    }
}
