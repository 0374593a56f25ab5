package dev.eventshop.notification.queue.web;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.notification.queue.QueueState;
import dev.eventshop.notification.queue.Queues;
import dev.eventshop.web.Page;
import dev.eventshop.web.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.amqp.AmqpException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Queues", description = "The state of the queues")
class QueueController {

    private final Queues queues;

    QueueController(Queues queues) {
        this.queues = queues;
    }

    @GetMapping("/api/admin/queues")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Lists the documented queues with what the broker tells of them")
    @ApiResponse(responseCode = "200", description = "All queues on one page")
    @ApiResponse(responseCode = "503", description = "BROKER_UNAVAILABLE: the broker is down")
    Page<QueueState> list() {
        try {
            return new Page<>(queues.all(), null);
        } catch (AmqpException e) {
            throw Problems.unavailable("BROKER_UNAVAILABLE", "The broker can't be asked at the moment.");
        }
    }
}
