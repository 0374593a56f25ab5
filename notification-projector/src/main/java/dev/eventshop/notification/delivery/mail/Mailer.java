package dev.eventshop.notification.delivery.mail;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way to the mail server. */
public interface Mailer {

    /** @return a conversation that is not connected yet */
    Conversation open();

    /**
     * Breaks all conversations off. An email that was not complete was surely not taken; one that was complete is
     * {@link Answer.Unknown}.
     */
    void hangUp();

    /**
     * @param handedOverAt when it was handed over; null for no date
     * @return the headers that the email has, or would have now, decoded, in their order; empty when its address is none
     */
    Map<String, String> headers(OutgoingMail mail, @Nullable Instant handedOverAt);

    /** One connection to the mail server, used by one thread for one email after the other. */
    interface Conversation extends AutoCloseable {

        /**
         * Makes sure that the mail server is there to talk to. Nothing of an email is sent.
         *
         * @throws MailServerUnreachable when it can't be reached, or does not let this service in
         */
        void connect() throws MailServerUnreachable;

        /** Hands one email over; bounded in time as a whole, however slowly the mail server answers. To be connected before. */
        Answer send(OutgoingMail mail);

        /** Ends the conversation; never throws. */
        @Override
        void close();
    }
}
