package dev.eventshop.notification.deadletter.web;

import dev.eventshop.access.Performs;
import dev.eventshop.access.audit.Audited;
import dev.eventshop.notification.deadletter.CountDeadLetters;
import dev.eventshop.notification.deadletter.DeadLetterCommandHandler;
import dev.eventshop.notification.deadletter.DeadLetterEntry;
import dev.eventshop.notification.deadletter.DeadLetterGroup;
import dev.eventshop.notification.deadletter.DeadLetterQueryHandler;
import dev.eventshop.notification.deadletter.DiscardDeadLetter;
import dev.eventshop.notification.deadletter.DiscardDeadLetters;
import dev.eventshop.notification.deadletter.FindDeadLetter;
import dev.eventshop.notification.deadletter.ListDeadLetterGroups;
import dev.eventshop.notification.deadletter.ListDeadLetters;
import dev.eventshop.notification.deadletter.RetryDeadLetter;
import dev.eventshop.notification.deadletter.RetryDeadLetters;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/admin/dead-letters")
@Tag(name = "Dead letters", description = "Messages that could not be handled")
@UnknownId(code = DeadLetterController.NOT_FOUND, detail = DeadLetterController.NO_SUCH_LETTER)
class DeadLetterController {

    static final String NOT_FOUND = "DEAD_LETTER_NOT_FOUND";
    static final String NO_SUCH_LETTER = "There is no such dead letter.";

    private static final String LIST = "dead-letters";
    private static final String PERSONAL_DATA = "personalData";
    private static final String MASKS = "false shows \"[masked]\" in place of all that may tell of somebody";
    private static final String GROUPS = "dead-letter-groups";
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_ERROR = 1000;

    private final DeadLetterQueryHandler queries;
    private final DeadLetterCommandHandler commands;

    DeadLetterController(DeadLetterQueryHandler queries, DeadLetterCommandHandler commands) {
        this.queries = queries;
        this.commands = commands;
    }

    @GetMapping
    @Performs(ListDeadLetters.class)
    @Operation(
            summary = "Lists messages that could not be handled, newest first",
            description = "A message is here some seconds after it failed for good; until then it is in <queue>.dlq.")
    @ApiResponse(responseCode = "200", description = "A page of dead letters")
    Page<DeadLetterItem> list(
            @Parameter(description = "only those of this queue", example = "order.created")
                    @RequestParam(required = false)
                    @Size(max = LONGEST_NAME)
                    @Nullable
                    String queue,
            @Parameter(
                            description = "only those with this in the error or in the name of its class, in any case;"
                                    + " numbers, and all from the first quotation on, count for nothing",
                            example = "InvalidMessage")
                    @RequestParam(required = false)
                    @Size(max = LONGEST_ERROR)
                    @Nullable
                    String error,
            @Parameter(description = MASKS) @RequestParam(name = PERSONAL_DATA, defaultValue = "true")
                    boolean personalData,
            @Parameter(description = "where the page before ended: its nextCursor")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor,
            Limit limit) {
        Long before = Cursor.decode(cursor, LIST, 1, keys -> Long.valueOf(keys.get(0)));
        List<DeadLetterEntry> found =
                queries.handle(new ListDeadLetters(queue, error, personalData, before, limit.plusOne()));
        return page(found, limit, DeadLetterItem::of, last -> Cursor.of(LIST, last.id()));
    }

    @GetMapping("/{id}")
    @Performs(FindDeadLetter.class)
    @Audited(unlessFalse = PERSONAL_DATA)
    @Operation(
            summary = "Shows one message that could not be handled",
            description = "Who asks is written to the audit, unless personalData is false.")
    @ApiResponse(responseCode = "200", description = "The dead letter")
    @ApiResponse(responseCode = "404", description = "DEAD_LETTER_NOT_FOUND")
    DeadLetterDetailsItem show(
            @Parameter(example = "42") @PathVariable long id,
            @Parameter(description = MASKS) @RequestParam(name = PERSONAL_DATA, defaultValue = "true")
                    boolean personalData) {
        return DeadLetterDetailsItem.of(
                queries.handle(new FindDeadLetter(id, personalData)).orElseThrow(() -> unknown()));
    }

    @GetMapping("/groups")
    @Performs(ListDeadLetterGroups.class)
    @Operation(summary = "Lists the errors that messages failed with, by queue")
    @ApiResponse(responseCode = "200", description = "A page of groups")
    Page<DeadLetterGroupItem> groups(
            @Parameter(description = MASKS) @RequestParam(name = PERSONAL_DATA, defaultValue = "true")
                    boolean personalData,
            @Parameter(description = "where the page before ended: its nextCursor")
                    @RequestParam(required = false)
                    @Nullable
                    String cursor,
            Limit limit) {
        ListDeadLetterGroups.Position after = Cursor.decode(
                cursor, GROUPS, 3, keys -> new ListDeadLetterGroups.Position(keys.get(0), keys.get(1), keys.get(2)));
        List<DeadLetterGroup> found = queries.handle(new ListDeadLetterGroups(personalData, after, limit.plusOne()));
        return page(
                found,
                limit,
                DeadLetterGroupItem::of,
                last -> Cursor.of(GROUPS, last.queue(), last.errorClass(), last.hash()));
    }

    @GetMapping("/hours")
    @Performs(CountDeadLetters.class)
    @Operation(
            summary = "Counts dead letters, by the hour of the last seven days in which they failed first",
            description = "Hours without any are left out.")
    @ApiResponse(responseCode = "200", description = "All of them")
    Page<DeadLetterHourItem> hours() {
        return new Page<>(
                queries.handle(new CountDeadLetters()).stream()
                        .map(DeadLetterHourItem::of)
                        .toList(),
                null);
    }

    @PostMapping("/{id}/retry")
    @Performs(RetryDeadLetter.class)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Sends a message back to its queue",
            description = "As it was before it failed, to this queue only. It is no dead letter any more once the"
                    + " broker has it, and again one when it fails again.")
    @ApiResponse(responseCode = "202", description = "It will be sent")
    @ApiResponse(responseCode = "404", description = "DEAD_LETTER_NOT_FOUND")
    @ApiResponse(
            responseCode = "409",
            description = "DEAD_LETTER_NOT_RETRYABLE: its person was erased, and the message with them")
    Affected retry(@Parameter(example = "42") @PathVariable long id) {
        int count = commands.handle(new RetryDeadLetter(id));
        if (count == 0) {
            queries.handle(new FindDeadLetter(id, false)).orElseThrow(() -> unknown());
            throw Problems.conflict(
                    "DEAD_LETTER_NOT_RETRYABLE",
                    "Nothing is left of the message: its person was erased. It can only be discarded.");
        }
        return new Affected(count);
    }

    @DeleteMapping("/{id}")
    @Performs(DiscardDeadLetter.class)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Discards a message for good")
    @ApiResponse(responseCode = "202", description = "It is gone")
    @ApiResponse(responseCode = "404", description = "DEAD_LETTER_NOT_FOUND")
    @ApiResponse(
            responseCode = "409",
            description = "DEAD_LETTER_NOT_DISCARDABLE: it is being sent back to its queue at this moment")
    Affected discard(@Parameter(example = "42") @PathVariable long id) {
        int count = commands.handle(new DiscardDeadLetter(id));
        if (count == 0) {
            queries.handle(new FindDeadLetter(id, false)).orElseThrow(() -> unknown());
            throw Problems.conflict(
                    "DEAD_LETTER_NOT_DISCARDABLE",
                    "The message is being sent back to its queue at this moment. It is there again when that fails.");
        }
        return new Affected(count);
    }

    @PostMapping("/retry")
    @Performs(RetryDeadLetters.class)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Sends a group of messages back to their queues, or all")
    @ApiResponse(
            responseCode = "202",
            description = "How many will be sent: not those whose person was erased, nor those on their way")
    Affected retryAll(@RequestBody DeadLetterSelection selection) {
        return new Affected(commands.handle(new RetryDeadLetters(selection.filter())));
    }

    @PostMapping("/discard")
    @Performs(DiscardDeadLetters.class)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Discards a group of messages for good, or all")
    @ApiResponse(
            responseCode = "202",
            description = "How many are gone: not those that are being sent back at this moment")
    Affected discardAll(@RequestBody DeadLetterSelection selection) {
        return new Affected(commands.handle(new DiscardDeadLetters(selection.filter())));
    }

    private static <T, I> Page<I> page(List<T> found, Limit limit, Function<T, I> item, Function<T, Cursor> position) {
        boolean more = found.size() > limit.value();
        List<T> shown = more ? found.subList(0, limit.value()) : found;
        String next = more ? position.apply(shown.get(shown.size() - 1)).encode() : null;
        return new Page<>(shown.stream().map(item).toList(), next);
    }

    private static ProblemException unknown() {
        return Problems.notFound(NOT_FOUND, NO_SUCH_LETTER);
    }
}
