package dev.eventshop.benchmarks.stock;

import java.net.URI;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class UserController {

    private final CommandGateway commands;
    private final Numbers numbers;

    UserController(CommandGateway commands, Numbers numbers) {
        this.commands = commands;
        this.numbers = numbers;
    }

    @PostMapping("/api/users")
    ResponseEntity<Registered> register(@RequestBody RegisterRequest request) {
        int number = numbers.next();
        commands.sendAndWait(
                new Commands.RegisterUser(Commands.user(number), number, request.email(), request.fullName()));
        return ResponseEntity.created(URI.create("/api/users/" + number)).body(new Registered(number));
    }

    record RegisterRequest(String email, String fullName) {}

    record Registered(int userId) {}
}
