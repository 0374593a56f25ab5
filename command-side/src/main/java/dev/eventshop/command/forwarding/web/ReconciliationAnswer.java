package dev.eventshop.command.forwarding.web;

import dev.eventshop.command.forwarding.Reconciliation;
import dev.eventshop.eventstore.StoredEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(description = "What is stored against what the broker has confirmed")
record ReconciliationAnswer(
        @Schema(example = "1-7431-99", description = "head of the store, up to which was counted; opaque")
        String position,

        @Schema(description = "the public events by type") List<TypeCounts> types,

        @Schema(nullable = true, description = "the first event that is not confirmed; null when all are") @Nullable
        Difference firstDifference) {

    @Schema(description = "Events of one type")
    record TypeCounts(
            @Schema(example = "OrderCreatedEvent") String type,

            @Schema(example = "1200", description = "how many are stored")
            long stored,

            @Schema(example = "1200", description = "how many of them the broker has confirmed")
            long confirmed) {}

    @Schema(description = "A stored event that the broker has not confirmed")
    record Difference(
            @Schema(example = "1-7431-99") String position,

            @Schema(example = "0198c0de-0000-7000-8000-000000000001")
            String eventId,

            @Schema(example = "OrderCreatedEvent") String type,
            @Schema(example = "order-17") String aggregateId,
            @Schema(example = "0") long sequenceNumber,
            Instant time) {

        static @Nullable Difference of(@Nullable StoredEvent event) {
            return event == null
                    ? null
                    : new Difference(
                            event.position().toString(),
                            event.eventId().toString(),
                            event.type(),
                            event.aggregateId(),
                            event.sequenceNumber(),
                            event.time());
        }
    }

    static ReconciliationAnswer of(Reconciliation reconciliation) {
        return new ReconciliationAnswer(
                reconciliation.head().toString(),
                reconciliation.types().stream()
                        .map(type -> new TypeCounts(type.type(), type.stored(), type.confirmed()))
                        .toList(),
                Difference.of(reconciliation.first()));
    }
}
