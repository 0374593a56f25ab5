package dev.eventshop.notification.delivery.ledger;

/** What an email is about. The constants' names are what stands in the ledger and in answers. */
public enum NotificationKind {
    /** A person registered. */
    WELCOME,
    /** An order was placed. */
    ORDER_CONFIRMATION,
    /** An order moved on, other than to its end. */
    ORDER_STATUS,
    /** An order arrived. */
    ORDER_COMPLETED,
    /** An order was called off. */
    ORDER_CANCELLED
}
