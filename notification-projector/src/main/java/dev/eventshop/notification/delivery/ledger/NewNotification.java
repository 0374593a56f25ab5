package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.events.order.OrderStatus;
import org.jspecify.annotations.Nullable;

/**
 * An email that a message asks for.
 *
 * @param userId  to whom; null when only the order is known
 * @param orderId about which order; null when it is about none
 * @param locale  language that the message names, used when the directory names none; null for none
 * @param traceId of the message; null for none
 */
public record NewNotification(
        @Nullable Integer userId,
        @Nullable Integer orderId,
        Facts facts,
        @Nullable String locale,
        @Nullable String traceId) {

    public NewNotification {
        if (facts.kind() == NotificationKind.WELCOME ? userId == null : orderId == null) {
            throw new IllegalArgumentException(facts.kind() + " lacks what it is about");
        }
    }

    /**
     * The key that makes it one email, whatever message asks for it and however often: a person is welcomed once, an
     * order is placed, completed and cancelled once, and enters each status once.
     *
     * @return the ledger's unique key
     */
    String key() {
        if (facts instanceof Facts.Welcome) {
            return "welcome/user-" + userId;
        }
        String order = "/order-" + orderId;
        if (facts instanceof Facts.Confirmation) {
            return "confirmation" + order;
        }
        if (facts instanceof Facts.Completion) {
            return "completed" + order;
        }
        if (facts instanceof Facts.Cancellation) {
            return "cancelled" + order;
        }
        return "status" + order + "/" + ((Facts.StatusChange) facts).newStatus();
    }

    /** @return the order's status that the email tells of, null when it is about no order */
    @Nullable
    OrderStatus orderStatus() {
        if (facts instanceof Facts.StatusChange change) {
            return change.newStatus();
        }
        return switch (facts.kind()) {
            case ORDER_CONFIRMATION -> OrderStatus.PENDING;
            case ORDER_COMPLETED -> OrderStatus.COMPLETED;
            case ORDER_CANCELLED -> OrderStatus.CANCELLED;
            default -> null;
        };
    }
}
