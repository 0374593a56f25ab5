package dev.eventshop.query.projection;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is stored against what is in the views.
 *
 * @param position        head of the store, up to which was compared
 * @param firstDifference of the first projection that has one; null when all that should be in the views is, and no more
 */
record Reconciliation(
        @Schema(example = "1-7431-99") String position,
        List<OfProjection> projections,

        @Schema(nullable = true) @Nullable Difference firstDifference) {

    /**
     * One projection.
     *
     * @param position  up to which it had come when the comparison began
     * @param lagEvents events of the store that were beyond it then
     * @param stored    events that the view should know of
     * @param projected of them those that it knows of, by the versions of its rows
     */
    record OfProjection(
            @Schema(example = "order-summary") String projection,
            @Schema(example = "1-7431-99") String position,
            @Schema(example = "0") long lagEvents,
            @Schema(example = "4800") long stored,
            @Schema(example = "4800") long projected) {}

    /**
     * An aggregate whose row is missing, behind, or of events that the store does not have.
     *
     * @param stored    sequence number of its last event that the view should know of
     * @param projected of the last one that it knows of; null when there is no row
     */
    record Difference(
            @Schema(example = "order-summary") String projection,
            @Schema(example = "order-17") String aggregateId,
            @Schema(example = "3") long stored,

            @Schema(nullable = true, example = "2") @Nullable
            Long projected) {}
}
