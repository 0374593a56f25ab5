package dev.eventshop.access.recent;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The same in each service: of its own meters. */
@RestController
@Tag(name = "Administration")
class RecentMetricsController {

    private final RecentMetrics metrics;

    RecentMetricsController(RecentMetrics metrics) {
        this.metrics = metrics;
    }

    @GetMapping("/api/admin/recent-metrics")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Tells what counts and lags were in the last hour",
            description = "Of the instance that answers, since its start, every 15 s.")
    @ApiResponse(responseCode = "200", description = "All samples", useReturnTypeSchema = true)
    MetricHistory list() {
        return metrics.history();
    }
}
