package dev.eventshop.command.republication.web;

import dev.eventshop.command.republication.Republication;
import dev.eventshop.command.republication.RepublicationState;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(description = "History on its way to one queue")
record RepublicationAnswer(
        @Schema(example = "3") long id,
        @Schema(example = "order.created") String queue,
        RepublicationState state,

        @Schema(example = "1200", description = "events that the broker has confirmed")
        long processed,

        @Schema(example = "4800", description = "events that are to be sent")
        long total,

        @Schema(example = "25", description = "100 when, and only when, it is complete")
        int percent,

        @Schema(nullable = true, example = "null", description = "what keeps it from getting on, or why it failed")
        @Nullable
        String error) {

    static RepublicationAnswer of(Republication republication) {
        return new RepublicationAnswer(
                republication.id(),
                republication.order().queue(),
                republication.state(),
                republication.processed(),
                republication.total(),
                percent(republication),
                republication.error());
    }

    private static int percent(Republication republication) {
        if (republication.state() == RepublicationState.COMPLETED) {
            return 100;
        }
        long total = republication.total();
        return total == 0 ? 0 : (int) Math.min(99, republication.processed() * 100 / total);
    }
}
