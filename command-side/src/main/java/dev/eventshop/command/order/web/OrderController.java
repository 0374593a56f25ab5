package dev.eventshop.command.order.web;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Performs;
import dev.eventshop.access.audit.AuditedRefusal;
import dev.eventshop.command.account.Account;
import dev.eventshop.command.account.Accounts;
import dev.eventshop.command.dispatch.Outcome;
import dev.eventshop.command.http.Answers;
import dev.eventshop.command.http.ClientCommands;
import dev.eventshop.command.http.Form;
import dev.eventshop.command.http.InputLimits;
import dev.eventshop.command.http.ResourceIds;
import dev.eventshop.command.http.Write;
import dev.eventshop.command.ids.IdSequence;
import dev.eventshop.command.order.CancelOrder;
import dev.eventshop.command.order.CompleteOrder;
import dev.eventshop.command.order.OrderPlaced;
import dev.eventshop.command.order.PlaceOrder;
import dev.eventshop.command.order.RequestedItem;
import dev.eventshop.command.order.ShipOrder;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.web.ETags;
import dev.eventshop.web.Problems;
import dev.eventshop.web.UnknownId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/orders")
@UnknownId(code = "ORDER_NOT_FOUND", detail = "There is no such order.")
class OrderController {

    private final ClientCommands commands;
    private final IdSequence orderIds;
    private final Accounts accounts;
    private final InputLimits limits;

    OrderController(ClientCommands commands, IdSequence orderIds, Accounts accounts, InputLimits limits) {
        this.commands = commands;
        this.orderIds = orderIds;
        this.accounts = accounts;
        this.limits = limits;
    }

    @PostMapping
    @Performs(PlaceOrder.class)
    @Operation(
            summary = "Place an order at the shop's prices",
            description = "A customer orders for themselves, and need not say who they are; staff order for others")
    @ApiResponse(responseCode = "404", description = "USER_NOT_FOUND: a customer named somebody else")
    @ApiResponse(responseCode = "409", description = "NOT_REGISTERED: the customer has to register first; USER_ERASED")
    @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "422",
            description = "USER_NOT_FOUND, PRODUCT_NOT_FOUND, TOTAL_OUT_OF_RANGE; INVALID_REQUEST: see errors")
    ResponseEntity<OrderPlacedAnswer> place(@RequestBody PlaceOrderRequest request, Caller caller) {
        Form form = new Form();
        if (caller.isStaff() || request.userId() != null) {
            form.number("userId", request.userId(), 1, Integer.MAX_VALUE);
        }
        List<RequestedItem> items = items(request.items(), form);
        form.check();

        return commands.answer(OrderPlacedAnswer.class, request, () -> {
            int userId = customer(request.userId(), caller);
            OrderId id = new OrderId(ResourceIds.next(orderIds));
            return new Write<>(new PlaceOrder(id, userId, items), placed -> placed(id, placed));
        });
    }

    private static ResponseEntity<OrderPlacedAnswer> placed(OrderId id, Outcome outcome) {
        return Answers.created(
                "/api/orders/" + id.value(),
                outcome,
                new OrderPlacedAnswer(
                        id.value(),
                        OrderStatus.PENDING.name(),
                        outcome.resultAs(OrderPlaced.class).totalAmount()));
    }

    private int customer(@Nullable Integer named, Caller caller) {
        if (caller.isStaff()) {
            return Objects.requireNonNull(named);
        }
        Optional<Integer> self = accounts.holderOf(new Account(caller.issuer(), caller.subject()))
                .map(holder -> holder.userId().value());
        if (named != null && !self.equals(Optional.of(named))) {
            AuditedRefusal.mark();
            throw Problems.notFound("USER_NOT_FOUND", "There is no such user.");
        }
        return self.orElseThrow(() -> Problems.conflict("NOT_REGISTERED", "You are not registered yet."));
    }

    private List<RequestedItem> items(@Nullable List<PlaceOrderRequest.@Nullable Item> requested, Form form) {
        if (requested == null) {
            form.reject("items", "is required");
            return List.of();
        }
        if (requested.isEmpty()) {
            form.reject("items", "must not be empty");
        }
        if (requested.size() > limits.itemsPerOrder()) {
            form.reject("items", "must have at most " + limits.itemsPerOrder() + " entries");
            return List.of();
        }
        List<RequestedItem> items = new ArrayList<>();
        Set<Integer> products = new HashSet<>();
        for (int i = 0; i < requested.size(); i++) {
            String field = "items[" + i + "]";
            PlaceOrderRequest.Item item = requested.get(i);
            if (item == null) {
                form.reject(field, "is required");
                continue;
            }
            int productId = form.number(field + ".productId", item.productId(), 1, Integer.MAX_VALUE);
            int quantity = form.number(field + ".quantity", item.quantity(), 1, limits.quantity());
            if (item.productId() != null && !products.add(productId)) {
                form.reject(field + ".productId", "stands in the order already");
            }
            if (quantity > 0) {
                items.add(new RequestedItem(productId, quantity));
            }
        }
        return items;
    }

    @PostMapping("/{id}/cancellation")
    @Performs(CancelOrder.class)
    @Operation(summary = "Call an order off that is not shipped yet")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "ORDER_NOT_CANCELLABLE")
    ResponseEntity<Void> cancel(
            @PathVariable String id, @RequestBody CancelOrderRequest request, ETags.Condition ifMatch) {
        Form form = new Form();
        String reason = form.text("reason", request.reason(), limits.reasonLength());
        form.check();

        return commands.answer(
                Void.class, request, ifMatch, () -> new Write<>(new CancelOrder(order(id), reason), Answers::done));
    }

    @PostMapping("/{id}/shipment")
    @Performs(ShipOrder.class)
    @Operation(summary = "Say that a confirmed order is on its way")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "ORDER_NOT_SHIPPABLE")
    ResponseEntity<Void> ship(@PathVariable String id, ETags.Condition ifMatch) {
        return commands.answer(Void.class, null, ifMatch, () -> new Write<>(new ShipOrder(order(id)), Answers::done));
    }

    @PostMapping("/{id}/completion")
    @Performs(CompleteOrder.class)
    @Operation(summary = "Say that a shipped order arrived")
    @ApiResponse(responseCode = "204", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "ORDER_NOT_COMPLETABLE")
    ResponseEntity<Void> complete(@PathVariable String id, ETags.Condition ifMatch) {
        return commands.answer(
                Void.class, null, ifMatch, () -> new Write<>(new CompleteOrder(order(id)), Answers::done));
    }

    private static OrderId order(String id) {
        return new OrderId(ResourceIds.parse("order", id));
    }
}
