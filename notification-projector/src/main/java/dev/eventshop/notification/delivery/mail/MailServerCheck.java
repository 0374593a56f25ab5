package dev.eventshop.notification.delivery.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Finds out whether the mail server would let us in, in less time than a probe waits for an answer. */
public final class MailServerCheck {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final JavaMailSenderImpl settings;
    private final Session session;

    public MailServerCheck(JavaMailSenderImpl settings) {
        this.settings = settings;
        Properties impatient = new Properties();
        impatient.putAll(settings.getJavaMailProperties());
        for (String protocol : new String[] {"smtp", "smtps"}) {
            for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
                impatient.put("mail." + protocol + "." + timeout, Long.toString(LIMIT.toMillis()));
            }
        }
        session = SmtpConnection.session(settings, impatient);
    }

    /** @return why not, empty when it would */
    public Optional<String> problem() {
        try (SmtpConnection connection = new SmtpConnection(settings, session, LIMIT)) {
            connection.connect();
            return Optional.empty();
        } catch (MessagingException e) {
            return Optional.of(Causes.kind(e));
        }
    }

    /** @return host and port */
    public String location() {
        return settings.getHost() + ":" + settings.getPort();
    }
}
