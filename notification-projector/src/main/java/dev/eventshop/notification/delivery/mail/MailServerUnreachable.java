package dev.eventshop.notification.delivery.mail;

/** There is no mail server to talk to at the moment, so no email was accepted. Trying again later can help. */
public class MailServerUnreachable extends Exception {

    private static final long serialVersionUID = 1L;

    public MailServerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
