package dev.eventshop.query.productcatalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of a product's stock.
 *
 * @param reason  in the words of who changed it; null when none was given
 * @param orderId order that it was reserved or released for; null on other changes
 * @param version sequence number of the event; not shown
 */
record StockChange(
        @Schema(example = "44") int oldStock,
        @Schema(example = "42") int newStock,
        Instant updatedAt,

        @Schema(nullable = true, example = "stock-take") @Nullable
        String reason,

        @Schema(nullable = true, example = "17") @Nullable Integer orderId,
        @JsonIgnore @Schema(hidden = true) long version) {}
