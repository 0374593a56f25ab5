package dev.eventshop.command.order.web;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/orders}; nothing is checked yet. */
record PlaceOrderRequest(
        @Schema(example = "3", description = "Required of staff; a customer's own by default") @Nullable
        Integer userId,

        @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
        List<@Nullable Item> items) {

    record Item(
            @Schema(example = "17", requiredMode = RequiredMode.REQUIRED) @Nullable
            Integer productId,

            @Schema(example = "2", description = "Units", requiredMode = RequiredMode.REQUIRED) @Nullable
            Integer quantity) {}
}
