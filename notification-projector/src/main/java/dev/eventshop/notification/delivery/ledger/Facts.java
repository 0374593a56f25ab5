package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.events.order.OrderStatus;
import java.math.BigDecimal;
import java.util.List;

/** What an email tells, besides to whom and about which order; stored with the ledger's row as JSON. */
public sealed interface Facts {

    /** @return what kind of email tells these facts */
    NotificationKind kind();

    /** A person registered. */
    record Welcome() implements Facts {
        @Override
        public NotificationKind kind() {
            return NotificationKind.WELCOME;
        }
    }

    /**
     * An order was placed.
     *
     * @param totalAmount in the shop's currency
     * @param lines       not empty
     */
    record Confirmation(BigDecimal totalAmount, List<Line> lines) implements Facts {
        public Confirmation {
            lines = List.copyOf(lines);
        }

        @Override
        public NotificationKind kind() {
            return NotificationKind.ORDER_CONFIRMATION;
        }
    }

    /**
     * One line of an order.
     *
     * @param quantity  units, positive
     * @param unitPrice in the shop's currency
     */
    record Line(String productName, int quantity, BigDecimal unitPrice) {}

    /**
     * An order moved on.
     *
     * @param newStatus where to; not the end of an order, which has emails of its own
     */
    record StatusChange(OrderStatus newStatus) implements Facts {
        @Override
        public NotificationKind kind() {
            return NotificationKind.ORDER_STATUS;
        }
    }

    /**
     * An order arrived.
     *
     * @param totalAmount in the shop's currency
     */
    record Completion(BigDecimal totalAmount) implements Facts {
        @Override
        public NotificationKind kind() {
            return NotificationKind.ORDER_COMPLETED;
        }
    }

    /**
     * An order was called off.
     *
     * @param reason for the customer to read
     */
    record Cancellation(String reason) implements Facts {
        @Override
        public NotificationKind kind() {
            return NotificationKind.ORDER_CANCELLED;
        }
    }
}
