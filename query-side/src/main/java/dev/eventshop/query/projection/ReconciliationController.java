package dev.eventshop.query.projection;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Administration")
class ReconciliationController {

    private final Reconciler reconciler;

    ReconciliationController(Reconciler reconciler) {
        this.reconciler = reconciler;
    }

    @GetMapping("/api/admin/reconciliation")
    @AllowedTo(Role.OPERATOR)
    @Operation(
            summary = "Compares what is stored with what is in the views",
            description = "Aggregate by aggregate, so it takes longer the more there are. While a view is rebuilt in"
                    + " place, it is compared as far as it has come.")
    @ApiResponse(responseCode = "200", description = "All projections", useReturnTypeSchema = true)
    Reconciliation reconcile() {
        return reconciler.reconcile();
    }
}
