package dev.eventshop.notification.delivery.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Locale;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.util.StringUtils;

/**
 * SMTP with the settings of Spring's mail sender ({@code spring.mail.*}). It talks to Jakarta Mail's transport itself,
 * because the sender's own {@code send} connects anew for each call and throws the same exception for "refused" and
 * "no answer".
 */
public final class SmtpMailer implements Mailer {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpMailer.class);

    private final JavaMailSenderImpl settings;
    private final InternetAddress from;

    /**
     * @param from the sender, for example {@code Eventshop <shop@example.org>}
     * @throws IllegalArgumentException when that is no address
     */
    public SmtpMailer(JavaMailSenderImpl settings, String from) {
        this.settings = settings;
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

    private final class SmtpConversation implements Conversation {

        private @Nullable Transport transport;

        @Override
        public void connect() throws MailServerUnreachable {
            if (transport != null && transport.isConnected()) {
                return;
            }
            close();
            try {
                Session session = settings.getSession();
                String protocol = settings.getProtocol();
                Transport fresh = session.getTransport(protocol == null ? "smtp" : protocol);
                transport = fresh;
                boolean anonymous = !StringUtils.hasLength(settings.getUsername());
                fresh.connect(
                        settings.getHost(),
                        settings.getPort(),
                        anonymous ? null : settings.getUsername(),
                        anonymous ? null : settings.getPassword());
            } catch (MessagingException e) {
                close();
                throw new MailServerUnreachable(
                        "The mail server " + settings.getHost() + ":" + settings.getPort() + " can't be used: "
                                + Causes.describe(e),
                        e);
            }
        }

        @Override
        public Answer send(OutgoingMail mail) {
            InternetAddress recipient;
            OutgoingMessage message;
            try {
                recipient = Addresses.one(mail.recipient());
                message = OutgoingMessage.of(settings.getSession(), from, recipient, mail);
            } catch (AddressException e) {
                return new Answer.Refused("The recipient's address is none: " + Causes.describe(e));
            } catch (MessagingException e) {
                return new Answer.Refused("The email can't be written: " + Causes.describe(e));
            }
            Transport connected = transport;
            if (connected == null) {
                return new Answer.Deferred("not connected");
            }
            try {
                connected.sendMessage(message, new InternetAddress[] {recipient});
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
            Transport open = transport;
            transport = null;
            if (open != null) {
                try {
                    open.close();
                } catch (MessagingException | RuntimeException e) {
                    LOG.debug("mail connection not closed cleanly", e);
                }
            }
        }
    }

    /**
     * A reply of the server decides. Without one: as long as the message was not written to its end, the line that ends
     * it was not sent, and no server takes an email without it.
     *
     * @param written whether the whole message went into the connection
     */
    static Answer judge(Exception failure, boolean written) {
        int reply = replyCode(failure);
        String cause = Causes.describe(failure);
        if (reply >= 500) {
            return new Answer.Refused(cause);
        }
        if (reply >= 400 || !written) {
            return new Answer.Deferred(cause);
        }
        return new Answer.Unknown("No answer to the complete email: " + cause);
    }

    /** @return the reply code that the exception or one linked to it carries, -1 when there is none */
    private static int replyCode(Exception failure) {
        int code = -1;
        Exception current = failure;
        for (int depth = 0; current != null && depth < 10; depth++) {
            if (current instanceof SMTPAddressFailedException address) {
                return address.getReturnCode();
            }
            if (current instanceof SMTPSenderFailedException sender) {
                return sender.getReturnCode();
            }
            if (current instanceof SMTPSendFailedException send && send.getReturnCode() >= 400) {
                code = send.getReturnCode();
            }
            current = current instanceof MessagingException messaging ? messaging.getNextException() : null;
        }
        return code;
    }

    /** @return the part behind the at sign, for message ids */
    static String domain(InternetAddress address) {
        String text = address.getAddress();
        return text.substring(text.indexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
}
