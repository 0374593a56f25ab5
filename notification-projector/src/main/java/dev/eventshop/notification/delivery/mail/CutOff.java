package dev.eventshop.notification.delivery.mail;

import jakarta.mail.MessagingException;

/** The connection was cut because the mail server had taken all the time there was. */
final class CutOff extends MessagingException {

    private static final long serialVersionUID = 1L;

    CutOff(Exception failure) {
        super(null, failure);
    }
}
