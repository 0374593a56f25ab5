package dev.eventshop.benchmarks.stock;

import java.math.BigDecimal;
import java.net.URI;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/products")
class ProductController {

    private final CommandGateway commands;
    private final Numbers numbers;

    ProductController(CommandGateway commands, Numbers numbers) {
        this.commands = commands;
        this.numbers = numbers;
    }

    @PostMapping
    ResponseEntity<Created> create(@RequestBody CreateRequest request) {
        int number = numbers.next();
        commands.sendAndWait(new Commands.CreateProduct(
                Commands.product(number), number, request.name(), request.price(), request.initialStock()));
        return ResponseEntity.created(URI.create("/api/products/" + number)).body(new Created(number));
    }

    @PostMapping("/{id}/stock-adjustments")
    ResponseEntity<Void> adjustStock(@PathVariable int id, @RequestBody AdjustRequest request) {
        commands.sendAndWait(new Commands.AdjustStock(Commands.product(id), request.delta()));
        return ResponseEntity.noContent().build();
    }

    record CreateRequest(String name, BigDecimal price, int initialStock) {}

    record AdjustRequest(int delta) {}

    record Created(int productId) {}
}
