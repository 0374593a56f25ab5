package dev.eventshop.command.forwarding.web;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.command.forwarding.ForwarderMonitor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Administration")
class ForwarderController {

    private final ForwarderMonitor monitor;

    ForwarderController(ForwarderMonitor monitor) {
        this.monitor = monitor;
    }

    @GetMapping("/api/admin/forwarder")
    @AllowedTo(Role.OPERATOR)
    @Operation(summary = "Tells how far public events have been published, and whether the broker is there")
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
    ForwarderAnswer status() {
        return ForwarderAnswer.of(monitor.status());
    }

    @GetMapping("/api/admin/reconciliation")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Compares what is stored with what the broker has confirmed",
            description = "Counts all events, so it takes longer the more there are.")
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
    ReconciliationAnswer reconcile() {
        return ReconciliationAnswer.of(monitor.reconcile());
    }
}
