package dev.eventshop.notification.delivery.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;

@Schema(name = "NotificationPreview", description = "One email of the ledger with its words")
record NotificationPreview(
        @JsonUnwrapped NotificationItem notification,

        @Schema(description = "the HTML part: as it was sent, or as it would be sent now")
        String html,

        @Schema(description = "the text part, likewise") String text) {}
