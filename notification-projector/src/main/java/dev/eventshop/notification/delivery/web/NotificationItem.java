package dev.eventshop.notification.delivery.web;

import dev.eventshop.notification.delivery.ledger.LedgerItem;
import dev.eventshop.notification.delivery.ledger.NotificationKind;
import dev.eventshop.notification.delivery.ledger.NotificationStatus;
import dev.eventshop.notification.delivery.template.MailTemplates;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(name = "Notification", description = "One email of the ledger")
record NotificationItem(
        @Schema(example = "42") long notificationId,
        @Schema(example = "ORDER_STATUS") NotificationKind kind,

        @Schema(example = "7", description = "null as long as nobody has told whose order it is") @Nullable
        Integer userId,

        @Schema(example = "17", description = "null for a welcome") @Nullable
        Integer orderId,

        @Schema(example = "ann@example.org", description = "null as long as it is not known, and after erasure")
        @Nullable
        String recipient,

        @Schema(example = "Your order 17 is SHIPPED") String subject,
        @Schema(example = "SENT") NotificationStatus status,

        @Schema(example = "1", description = "how often it was tried")
        int attempts,

        @Schema(example = "2026-01-31T10:15:30Z") Instant createdAt,

        @Schema(example = "2026-01-31T10:15:31Z", description = "null as long as it is not sent") @Nullable
        Instant sentAt,

        @Schema(
                example = "The mail server refused the email (550 5.1.1).",
                nullable = true,
                description =
                        "why it failed last, with what the mail server said until the person is erased; null when it did not")
        @Nullable
        String error) {

    /** Without whom it is for, and without what was said about them. */
    @Override
    public String toString() {
        return "NotificationItem[" + notificationId + ", " + kind + ", " + status + "]";
    }

    static NotificationItem of(LedgerItem item, MailTemplates templates) {
        String subject = item.subject() != null
                ? item.subject()
                : templates.subject(item.kind(), item.orderId(), item.orderStatus(), item.locale());
        return new NotificationItem(
                item.notificationId(),
                item.kind(),
                item.userId(),
                item.orderId(),
                item.recipient(),
                subject,
                item.status(),
                item.attempts(),
                item.createdAt(),
                item.sentAt(),
                item.error());
    }
}
