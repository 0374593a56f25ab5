package dev.eventshop.notification.delivery.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Schema(name = "NotificationPreview", description = "One email of the ledger with its words")
record NotificationPreview(
        @JsonUnwrapped NotificationItem notification,

        @Schema(
                example = "{\"From\": \"Eventshop <shop@example.org>\", \"To\": \"ann@example.org\","
                        + " \"Subject\": \"Your order 17 is SHIPPED\", \"Auto-Submitted\": \"auto-generated\"}",
                nullable = true,
                description =
                        "of the email, decoded, in their order: as it was sent, or would be sent now, with today's"
                                + " sender; Date only once it was handed to the mail server. null as long as the recipient is not"
                                + " known, when the address is none, and after erasure")
        @Nullable
        Map<String, String> headers,

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
