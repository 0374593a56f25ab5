package dev.eventshop.notification.delivery.mail;

/** What is known after an email was handed to the mail server. */
public sealed interface Answer {

    /** The mail server took it. */
    record Accepted() implements Answer {}

    /**
     * The mail server surely did not take it, and may do so later: it said so with a 4xx reply, or the connection broke
     * before the email was complete.
     */
    record Deferred(String cause) implements Answer {}

    /** The mail server did not take it and never will: a 5xx reply, or an address that is none. */
    record Refused(String cause) implements Answer {}

    /** The email was complete, and the mail server's answer to it did not arrive. It may have been taken or not. */
    record Unknown(String cause) implements Answer {}
}
