package dev.eventshop.notification.delivery.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;

@Schema(name = "NotificationPreview", description = "One email of the ledger with its words")
record NotificationPreview(
        @JsonUnwrapped NotificationItem notification,

        @Schema(
                example = "<p>Thank you for your order.</p>",
                description = "the HTML part: as it was sent, or as it would be sent now")
        String html,

        @Schema(example = "Thank you for your order.", description = "the text part, likewise")
        String text) {

    /** Without the words: they are to the recipient. */
    @Override
    public String toString() {
        return "NotificationPreview[" + notification + "]";
    }
}
