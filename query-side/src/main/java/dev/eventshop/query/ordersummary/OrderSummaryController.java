package dev.eventshop.query.ordersummary;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Performs;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.http.ReadYourWrites;
import dev.eventshop.query.http.Viewer;
import dev.eventshop.query.stream.LastEventId;
import dev.eventshop.query.stream.Streams;
import dev.eventshop.query.userprofile.KnownUsers;
import dev.eventshop.web.Cursor;
import dev.eventshop.web.Limit;
import dev.eventshop.web.Page;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import dev.eventshop.web.ReadAfter;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "Orders")
class OrderSummaryController {

    private static final String LIST = "orders";
    private static final String NOT_FOUND = "ORDER_NOT_FOUND";
    private static final String NO_SUCH_ORDER = "There is no such order.";

    private final OrderSummaryQueryHandler orders;
    private final KnownUsers users;
    private final ReadYourWrites reads;
    private final Streams streams;
    private final OrderFeed feed;

    OrderSummaryController(
            OrderSummaryQueryHandler orders, KnownUsers users, ReadYourWrites reads, Streams streams, OrderFeed feed) {
        this.orders = orders;
        this.users = users;
        this.reads = reads;
        this.streams = streams;
        this.feed = feed;
    }

    @GetMapping("/api/orders")
    @Performs(ListOrders.class)
    @Operation(summary = "Lists orders, newest first; a customer's own")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    Page<OrderSummary> list(
            @Parameter(description = "only orders of this user", example = "7", schema = @Schema(type = "integer"))
                    @RequestParam(required = false)
                    @Nullable
                    String userId,
            @Parameter(description = "only orders in this state", schema = @Schema(implementation = OrderStatus.class))
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @Parameter(
                            description = "only orders placed at that instant or later; a date is its beginning in UTC",
                            example = "2026-01-31T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(
                            description = "only orders placed before that instant; a date is its beginning in UTC",
                            example = "2026-02-01T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit,
            ReadAfter after,
            Caller caller) {
        Instant begin = QueryParameters.instant("from", from);
        Instant end = QueryParameters.instant("to", to);
        QueryParameters.ordered(begin, end);
        Integer ofUser = QueryParameters.positive("userId", userId);
        OrderStatus inStatus = QueryParameters.constant("status", OrderStatus.class, status);
        ListOrders.After behind = Cursor.decode(cursor, LIST, 2, ListOrders.After::of);
        return page(
                answer(
                        after,
                        caller,
                        viewer -> orders.handle(
                                new ListOrders(viewer, ofUser, inStatus, begin, end, behind, limit.plusOne()))),
                limit);
    }

    @GetMapping("/api/users/{id}/orders")
    @Performs(ListOrders.class)
    @Operation(summary = "Lists the orders of one user, newest first")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    @UnknownId(code = KnownUsers.NOT_FOUND, detail = KnownUsers.NO_SUCH_USER)
    Page<OrderSummary> listOfUser(
            @Parameter(example = "7") @PathVariable int id,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit,
            ReadAfter after,
            Caller caller) {
        ListOrders.After behind = Cursor.decode(cursor, LIST, 2, ListOrders.After::of);
        return page(
                reads.answer(
                        after,
                        () -> ofUser(id, users.viewer(caller), behind, limit),
                        OrderSummaryConfiguration.PROJECTION,
                        KnownUsers.PROJECTION),
                limit);
    }

    private List<OrderSummary> ofUser(int id, Viewer viewer, ListOrders.@Nullable After behind, Limit limit) {
        users.require(id, viewer);
        return orders.handle(ListOrders.of(viewer, id, behind, limit.plusOne()));
    }

    /** Waits for what the read has to know of. Who a customer is, another view tells. */
    private <T> T answer(ReadAfter after, Caller caller, Function<Viewer, T> query) {
        String[] views = caller.isStaff()
                ? new String[] {OrderSummaryConfiguration.PROJECTION}
                : new String[] {OrderSummaryConfiguration.PROJECTION, KnownUsers.PROJECTION};
        return reads.answer(after, () -> query.apply(users.viewer(caller)), views);
    }

    private static Page<OrderSummary> page(List<OrderSummary> found, Limit limit) {
        return Answers.page(found, limit, last -> {
            ListOrders.After key = ListOrders.After.of(last);
            return Cursor.of(LIST, key.createdAt(), key.orderId());
        });
    }

    @GetMapping("/api/orders/{id}")
    @Performs(FindOrderSummary.class)
    @Operation(summary = "Shows one order")
    @ApiResponse(responseCode = "200", description = "The order, with its version as ETag", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "304", description = "The client has that version")
    @UnknownId(code = NOT_FOUND, detail = NO_SUCH_ORDER)
    ResponseEntity<OrderSummary> show(
            @Parameter(example = "17") @PathVariable int id,
            @Parameter(description = "ETag of the answer that the client has", example = "\"1\"")
                    @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
                    @Nullable
                    List<String> ifNoneMatch,
            ReadAfter after,
            Caller caller) {
        OrderSummary order = answer(
                        after,
                        caller,
                        viewer -> orders.handle(new FindOrderSummary(id, viewer, after.position() != null)))
                .orElseThrow(OrderSummaryController::unknown);
        return Answers.versioned(order, order.version(), ifNoneMatch);
    }

    @GetMapping(path = "/api/orders/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Performs(FindOrderSummary.class)
    @Operation(
            summary = "Follows one order",
            description = "Server-sent events: the order as it is, then again at each change. With Last-Event-ID each"
                    + " change since. Comments are heartbeats. The stream ends when the token expires")
    @ApiResponse(
            responseCode = "200",
            description = "Events whose id is the order's version, and whose data is the order",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = OrderSummary.class)))
    @ApiResponse(responseCode = "503", description = "TOO_MANY_STREAMS: the instance has as many as it may")
    @ApiResponse(responseCode = "429", description = "TOO_MANY_STREAMS: the caller has as many as one may")
    @UnknownId(code = NOT_FOUND, detail = NO_SUCH_ORDER)
    ResponseEntity<SseEmitter> stream(
            @Parameter(example = "17") @PathVariable int id,
            @Parameter(description = "id of the last event that the client has", example = "1")
                    @RequestHeader(name = LastEventId.HEADER, required = false)
                    @Nullable
                    String lastEventId,
            ReadAfter after,
            Caller caller) {
        long version = LastEventId.parse(lastEventId);
        answer(after, caller, viewer -> orders.handle(new FindOrderSummary(id, viewer, after.position() != null)))
                .orElseThrow(OrderSummaryController::unknown);
        return ResponseEntity.ok()
                .header("X-Accel-Buffering", "no") // tells proxies to pass events on at once
                .body(streams.open(feed, id, version));
    }

    @GetMapping("/api/orders/{id}/history")
    @Performs(FindOrderTimeline.class)
    @Operation(summary = "Tells what happened to an order, oldest first")
    @ApiResponse(responseCode = "200", description = "The timeline", useReturnTypeSchema = true)
    @UnknownId(code = NOT_FOUND, detail = NO_SUCH_ORDER)
    OrderTimeline history(@Parameter(example = "17") @PathVariable int id, ReadAfter after, Caller caller) {
        return answer(after, caller, viewer -> orders.handle(new FindOrderTimeline(id, viewer)))
                .orElseThrow(OrderSummaryController::unknown);
    }

    private static ProblemException unknown() {
        return Problems.notFound(NOT_FOUND, NO_SUCH_ORDER);
    }
}
