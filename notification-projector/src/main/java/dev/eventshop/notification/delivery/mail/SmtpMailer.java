package dev.eventshop.notification.delivery.mail;

import dev.eventshop.notification.delivery.ledger.Failure;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/**
 * SMTP with the settings of Spring's mail sender ({@code spring.mail.*}). It talks to Jakarta Mail's transport itself,
 * because the sender's own {@code send} connects anew for each call and throws the same exception for "refused" and
 * "no answer".
 */
public final class SmtpMailer implements Mailer {

    /** RFC 5321, 4.2.2: the service is closing the channel, in reply to any command. */
    private static final int CLOSING = 421;

    /** RFC 4954, 6: authentication required; RFC 3207, 4: TLS required. */
    private static final int LOGIN_REQUIRED = 530;

    private final JavaMailSenderImpl settings;
    private final Session session;
    private final InternetAddress from;
    private final Duration limit;
    private final Set<SmtpConnection> connections = ConcurrentHashMap.newKeySet();

    /**
     * @param from  the sender, for example {@code Eventshop <shop@example.org>}
     * @param limit longest time to connect, and then for each email, however slowly the server answers
     * @throws IllegalArgumentException when the sender is no address
     */
    public SmtpMailer(JavaMailSenderImpl settings, String from, Duration limit) {
        this.settings = settings;
        this.session = SmtpConnection.session(settings, settings.getJavaMailProperties());
        this.limit = limit;
        try {
            this.from = new InternetAddress(from, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException("eventshop.notification.from is no address: " + from, e);
        }
    }

    @Override
    public Conversation open() {
        return new SmtpConversation();
    }

    @Override
    public void hangUp() {
        connections.forEach(SmtpConnection::cut);
    }

    @Override
    public Map<String, String> headers(OutgoingMail mail, @Nullable Instant handedOverAt) {
        try {
            Date date = handedOverAt == null ? null : Date.from(handedOverAt);
            return OutgoingMessage.of(session, from, Addresses.one(mail.recipient()), mail, date)
                    .headers();
        } catch (MessagingException e) {
            return Map.of();
        }
    }

    private final class SmtpConversation implements Conversation {

        private @Nullable SmtpConnection connection;

        @Override
        public void connect() throws MailServerUnreachable {
            if (connection != null && connection.isConnected()) {
                return;
            }
            close();
            try {
                SmtpConnection fresh = new SmtpConnection(settings, session, limit);
                connection = fresh;
                connections.add(fresh);
                fresh.connect();
            } catch (MessagingException e) {
                close();
                throw new MailServerUnreachable(
                        Causes.summary(
                                "The mail server " + settings.getHost() + ":" + settings.getPort() + " can't be used",
                                e),
                        e);
            }
        }

        @Override
        public Answer send(OutgoingMail mail) {
            InternetAddress recipient;
            OutgoingMessage message;
            try {
                recipient = Addresses.one(mail.recipient());
                message = OutgoingMessage.of(session, from, recipient, mail, new Date());
            } catch (AddressException e) {
                return new Answer.Refused(Causes.failure("The recipient's address is none", e), false);
            } catch (MessagingException e) {
                return new Answer.Refused(Causes.failure("The email can't be written", e), false);
            }
            SmtpConnection connected = connection;
            if (connected == null) {
                return new Answer.Deferred(Failure.of("There is no connection to the mail server."), true);
            }
            try {
                connected.send(message, recipient);
                return new Answer.Accepted();
            } catch (MessagingException | RuntimeException e) {
                Answer answer = judge(e, message.written());
                if (!(answer instanceof Answer.Refused)) {
                    close();
                }
                return answer;
            }
        }

        @Override
        public void close() {
            SmtpConnection open = connection;
            connection = null;
            if (open != null) {
                open.close();
                connections.remove(open);
            }
        }
    }

    /**
     * A reply of the server decides. Without one: as long as the message was not written to its end, the line that ends
     * it was not sent, and no server takes an email without it.
     *
     * <p>What is said to the recipient or to the message is the email's. What is said to {@code MAIL} is the sender's, and
     * so that of all emails; 421 and 530 end or refuse the conversation, whatever it is about.
     *
     * @param written whether the whole message went into the connection
     */
    static Answer judge(Exception failure, boolean written) {
        Reply reply = Reply.in(failure);
        if (reply.code() == CLOSING || reply.code() == LOGIN_REQUIRED) {
            return new Answer.Deferred(Causes.failure("The mail server did not let the email in", failure), true);
        }
        if (reply.code() >= 500) {
            return new Answer.Refused(Causes.failure("The mail server refused the email", failure), reply.toSender());
        }
        if (reply.code() >= 400) {
            return new Answer.Deferred(Causes.failure("The mail server deferred the email", failure), reply.toSender());
        }
        if (!written) {
            return new Answer.Deferred(
                    Causes.failure("The email did not get through to the mail server", failure), true);
        }
        return new Answer.Unknown(Causes.failure("The mail server did not answer to the complete email", failure));
    }

    /**
     * @param code     -1 when there is none
     * @param toSender whether it answers the command {@code MAIL}
     */
    private record Reply(int code, boolean toSender) {

        /** @return the reply that the exception or one linked to it carries */
        static Reply in(Exception failure) {
            Reply reply = new Reply(-1, false);
            Exception current = failure;
            for (int depth = 0; current != null && depth < 10; depth++) {
                if (current instanceof SMTPAddressFailedException address) {
                    return new Reply(address.getReturnCode(), false);
                }
                if (current instanceof SMTPSenderFailedException sender) {
                    return new Reply(sender.getReturnCode(), true);
                }
                if (current instanceof SMTPSendFailedException send && send.getReturnCode() >= 400) {
                    reply = new Reply(send.getReturnCode(), send.getCommand().startsWith("MAIL"));
                }
                current = current instanceof MessagingException messaging ? messaging.getNextException() : null;
            }
            return reply;
        }
    }

    /** @return the part behind the at sign, for message ids */
    static String domain(InternetAddress address) {
        String text = address.getAddress();
        return text.substring(text.indexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
}
