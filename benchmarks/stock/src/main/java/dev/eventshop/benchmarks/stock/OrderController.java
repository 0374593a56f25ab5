package dev.eventshop.benchmarks.stock;

import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatus;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/api/orders")
class OrderController {

    private final CommandGateway commands;
    private final Numbers numbers;
    private final ProductViews products;
    private final UserViews users;

    OrderController(CommandGateway commands, Numbers numbers, ProductViews products, UserViews users) {
        this.commands = commands;
        this.numbers = numbers;
        this.products = products;
        this.users = users;
    }

    @PostMapping
    ResponseEntity<Placed> place(@RequestBody PlaceRequest request) {
        int number = numbers.next(); // first: from the first query on, the request keeps a connection of the pool
        if (!users.existsById(request.userId())) {
            throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, "USER_NOT_FOUND");
        }
        List<OrderItemEvent> items = priced(request.items());
        BigDecimal total = items.stream()
                .map(item -> item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        commands.sendAndWait(new Commands.PlaceOrder(Commands.order(number), number, request.userId(), total, items));
        return ResponseEntity.created(URI.create("/api/orders/" + number))
                .body(new Placed(number, OrderStatus.PENDING.name(), total));
    }

    private List<OrderItemEvent> priced(List<Item> requested) {
        Map<Integer, ProductView> found =
                products.findAllById(requested.stream().map(Item::productId).toList()).stream()
                        .collect(Collectors.toMap(ProductView::productId, Function.identity()));
        return requested.stream()
                .map(item -> {
                    ProductView product = found.get(item.productId());
                    if (product == null) {
                        throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, "PRODUCT_NOT_FOUND");
                    }
                    return new OrderItemEvent(item.productId(), product.name(), item.quantity(), product.price());
                })
                .toList();
    }

    record PlaceRequest(int userId, List<Item> items) {}

    record Item(int productId, int quantity) {}

    record Placed(int orderId, String status, BigDecimal totalAmount) {}
}
