package dev.eventshop.command.republication;

/** Where a republication is. The constants' names are what stands in the database and in answers. */
public enum RepublicationState {
    /** Waits for others to end. */
    QUEUED,
    /** Under way. */
    RUNNING,
    /** The broker has confirmed all messages; or they were only counted. */
    COMPLETED,
    /** Called off; what was sent by then is in the queue. */
    CANCELLED,
    /** It can't go on; what was sent by then is in the queue. */
    FAILED
}
