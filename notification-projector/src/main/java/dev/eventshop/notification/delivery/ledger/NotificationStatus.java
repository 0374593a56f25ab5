package dev.eventshop.notification.delivery.ledger;

import java.util.List;

/** Where an email is on its way. The constants' names are what stands in answers. */
public enum NotificationStatus {
    /** To be sent, or being sent at this moment. */
    PENDING("PENDING", "SENDING"),
    /** The user or the order is not known yet. */
    WAITING_FOR_RECIPIENT("WAITING_FOR_RECIPIENT"),
    /** The mail server accepted it. */
    SENT("SENT"),
    /** Handed to the mail server, and no answer was written down: it may have been sent or not. */
    UNCERTAIN("UNCERTAIN"),
    /** Given up; the error says why. */
    FAILED("FAILED"),
    /** Not to be sent, because the person was erased. */
    SUPPRESSED("SUPPRESSED");

    private final List<String> stored;

    NotificationStatus(String... stored) {
        this.stored = List.of(stored);
    }

    /** @return the values of the column {@code status} that are shown as this one */
    public List<String> stored() {
        return stored;
    }

    /**
     * @param stored value of the column {@code status}
     * @return how it is shown
     */
    public static NotificationStatus ofStored(String stored) {
        for (NotificationStatus status : values()) {
            if (status.stored.contains(stored)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status is stored as " + stored);
    }
}
