package dev.eventshop.command.republication.web;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.command.http.IdempotentCalls;
import dev.eventshop.command.republication.Republication;
import dev.eventshop.command.republication.RepublicationOrder;
import dev.eventshop.command.republication.RepublicationRunner;
import dev.eventshop.command.republication.Republications;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.messaging.QueueLookup;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpException;
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
@RequestMapping("/api/admin/republications")
@UnknownId(code = RepublicationController.NOT_FOUND, detail = RepublicationController.NO_SUCH_REPUBLICATION)
@Tag(name = "Administration")
class RepublicationController {

    static final String NOT_FOUND = "REPUBLICATION_NOT_FOUND";
    static final String NO_SUCH_REPUBLICATION = "There is no such republication.";
    private static final String LIST = "republications";

    private final Republications republications;
    private final RepublicationRunner runner;
    private final RepublicationForm form;
    private final EventLog events;
    private final QueueLookup queues;
    private final IdempotentCalls calls;

    RepublicationController(
            Republications republications,
            RepublicationRunner runner,
            EventLog events,
            QueueLookup queues,
            IdempotentCalls calls) {
        this.republications = republications;
        this.runner = runner;
        this.form = new RepublicationForm(events);
        this.events = events;
        this.queues = queues;
        this.calls = calls;
    }

    @PostMapping
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Sends history to one queue",
            description = "The public events of the store as they were published, with the ids that they had, and with"
                    + " the header x-replay: true. They are counted first, which takes longer the more there are.")
    @ApiResponse(
            responseCode = "202",
            description = "It has begun, or is queued; a dry run is complete, and total says how many it would be",
            useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "422",
            description = "QUEUE_NOT_FOUND: the broker has no such queue; AGGREGATE_NOT_FOUND: the store has nothing of"
                    + " it; INVALID_REQUEST: see errors")
    @ApiResponse(responseCode = "503", description = "BROKER_UNAVAILABLE: it can't be asked for the queue")
    ResponseEntity<RepublicationAnswer> start(@RequestBody RepublicationRequest request) {
        RepublicationOrder order = form.order(request);
        ResponseEntity<RepublicationAnswer> answer =
                calls.once(RepublicationAnswer.class, request, beforeCommit -> add(request, order, beforeCommit));
        runner.wakeUp();
        return answer;
    }

    private ResponseEntity<RepublicationAnswer> add(
            RepublicationRequest request,
            RepublicationOrder order,
            Consumer<ResponseEntity<RepublicationAnswer>> beforeCommit) {
        String aggregateId = order.filter().aggregateId();
        if (aggregateId != null && events.headOf(aggregateId).isEmpty()) {
            throw Problems.unprocessable("AGGREGATE_NOT_FOUND", "There is no event of that aggregate.");
        }
        if (!exists(order.queue())) {
            throw Problems.unprocessable("QUEUE_NOT_FOUND", "The broker has no such queue.");
        }
        long total = events.countBetween(order.after(), order.upTo(), order.filter());
        Consumer<Republication> added = republication -> beforeCommit.accept(accepted(republication));
        return accepted(
                Boolean.TRUE.equals(request.dryRun())
                        ? republications.addCounted(order, total, added)
                        : republications.add(order, total, added));
    }

    private boolean exists(String queue) {
        try {
            return queues.exists(queue);
        } catch (AmqpException e) {
            throw Problems.unavailable("BROKER_UNAVAILABLE", "RabbitMQ can't be asked for the queue at the moment.");
        }
    }

    private static ResponseEntity<RepublicationAnswer> accepted(Republication republication) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/admin/republications/" + republication.id()))
                .body(RepublicationAnswer.of(republication));
    }

    @GetMapping
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Lists republications, newest first")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<RepublicationAnswer> list(
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit) {
        Long before = Cursor.decode(cursor, LIST, 1, keys -> Long.valueOf(keys.get(0)));
        List<RepublicationAnswer> found =
                republications.list(before == null ? Long.MAX_VALUE : before, limit.plusOne()).stream()
                        .map(RepublicationAnswer::of)
                        .toList();
        return Page.of(found, limit, last -> Cursor.of(LIST, last.id()));
    }

    @GetMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Shows one republication")
    @ApiResponse(responseCode = "200", description = "The republication", useReturnTypeSchema = true)
    RepublicationAnswer show(@Parameter(example = "3") @PathVariable long id) {
        return RepublicationAnswer.of(find(id));
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Cancels a republication",
            description = "What was sent by then is in the queue; at most one batch more comes to it.")
    @ApiResponse(responseCode = "204", description = "It is cancelled")
    @ApiResponse(responseCode = "409", description = "REPUBLICATION_NOT_CANCELLABLE: it has ended")
    ResponseEntity<Void> cancel(@Parameter(example = "3") @PathVariable long id) {
        find(id);
        if (!republications.cancel(id)) {
            throw Problems.conflict("REPUBLICATION_NOT_CANCELLABLE", "That republication has ended already.");
        }
        return ResponseEntity.noContent().build();
    }

    private Republication find(long id) {
        return republications.find(id).orElseThrow(() -> Problems.notFound(NOT_FOUND, NO_SUCH_REPUBLICATION));
    }
}
