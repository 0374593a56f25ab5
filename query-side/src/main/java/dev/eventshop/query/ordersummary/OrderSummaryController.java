package dev.eventshop.query.ordersummary;

import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.query.http.Answers;
import dev.eventshop.query.http.QueryParameters;
import dev.eventshop.query.http.ReadYourWrites;
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
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Orders")
class OrderSummaryController {

    private static final String LIST = "orders";
    private static final String NOT_FOUND = "ORDER_NOT_FOUND";
    private static final String NO_SUCH_ORDER = "There is no such order.";

    private final OrderSummaryQueryHandler orders;
    private final KnownUsers users;
    private final ReadYourWrites reads;

    OrderSummaryController(OrderSummaryQueryHandler orders, KnownUsers users, ReadYourWrites reads) {
        this.orders = orders;
        this.users = users;
        this.reads = reads;
    }

    @GetMapping("/api/orders")
    @Operation(summary = "Lists orders, newest first")
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
            ReadAfter after) {
        Instant begin = QueryParameters.instant("from", from);
        Instant end = QueryParameters.instant("to", to);
        QueryParameters.ordered(begin, end);
        ListOrders query = new ListOrders(
                QueryParameters.positive("userId", userId),
                QueryParameters.constant("status", OrderStatus.class, status),
                begin,
                end,
                Cursor.decode(cursor, LIST, 2, ListOrders.After::of),
                limit.plusOne());
        reads.await(after, OrderSummaryConfiguration.PROJECTION);
        return page(query, limit);
    }

    @GetMapping("/api/users/{id}/orders")
    @Operation(summary = "Lists the orders of one user, newest first")
    @ApiResponse(responseCode = "200", description = "A page", useReturnTypeSchema = true)
    @UnknownId(code = KnownUsers.NOT_FOUND, detail = KnownUsers.NO_SUCH_USER)
    Page<OrderSummary> listOfUser(
            @Parameter(example = "7") @PathVariable int id,
            @Parameter(description = "nextCursor of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Limit limit,
            ReadAfter after) {
        ListOrders query = ListOrders.of(id, Cursor.decode(cursor, LIST, 2, ListOrders.After::of), limit.plusOne());
        reads.await(after, OrderSummaryConfiguration.PROJECTION, KnownUsers.PROJECTION);
        users.require(id);
        return page(query, limit);
    }

    private Page<OrderSummary> page(ListOrders query, Limit limit) {
        return Answers.page(orders.handle(query), limit, last -> {
            ListOrders.After key = ListOrders.After.of(last);
            return Cursor.of(LIST, key.createdAt(), key.orderId());
        });
    }

    @GetMapping("/api/orders/{id}")
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
            ReadAfter after) {
        reads.await(after, OrderSummaryConfiguration.PROJECTION);
        OrderSummary order = orders.handle(new FindOrderSummary(id)).orElseThrow(OrderSummaryController::unknown);
        return Answers.versioned(order, order.version(), ifNoneMatch);
    }

    @GetMapping("/api/orders/{id}/history")
    @Operation(summary = "Tells what happened to an order, oldest first")
    @ApiResponse(responseCode = "200", description = "The timeline", useReturnTypeSchema = true)
    @UnknownId(code = NOT_FOUND, detail = NO_SUCH_ORDER)
    OrderTimeline history(@Parameter(example = "17") @PathVariable int id, ReadAfter after) {
        reads.await(after, OrderSummaryConfiguration.PROJECTION);
        return orders.handle(new FindOrderTimeline(id)).orElseThrow(OrderSummaryController::unknown);
    }

    private static ProblemException unknown() {
        return Problems.notFound(NOT_FOUND, NO_SUCH_ORDER);
    }
}
