package dev.eventshop.notification.delivery.mail;

import dev.eventshop.notification.delivery.ledger.Failure;
import java.util.Optional;

/** What is known after an email was handed to the mail server. */
public sealed interface Answer {

    /**
     * @return what the mail server failed with when any other email would have met the same; empty when it works, whatever
     *     it has said to this one
     */
    Optional<Failure> mailServerFailure();

    /** The mail server took it. */
    record Accepted() implements Answer {

        @Override
        public Optional<Failure> mailServerFailure() {
            return Optional.empty();
        }
    }

    /**
     * The mail server surely did not take it, and may do so later: it said so with a 4xx reply, or the connection broke
     * before the email was complete.
     *
     * @param ofMailServer whether that is the mail server's failure, not the email's
     */
    record Deferred(Failure failure, boolean ofMailServer) implements Answer {

        @Override
        public Optional<Failure> mailServerFailure() {
            return ofMailServer ? Optional.of(failure) : Optional.empty();
        }
    }

    /**
     * The mail server did not take it and never will: a 5xx reply, or an address that is none.
     *
     * @param ofMailServer whether it refuses all emails, because of their sender
     */
    record Refused(Failure failure, boolean ofMailServer) implements Answer {

        @Override
        public Optional<Failure> mailServerFailure() {
            return ofMailServer ? Optional.of(failure) : Optional.empty();
        }
    }

    /** The email was complete, and the mail server's answer to it did not arrive. It may have been taken or not. */
    record Unknown(Failure failure) implements Answer {

        @Override
        public Optional<Failure> mailServerFailure() {
            return Optional.of(failure);
        }
    }
}
