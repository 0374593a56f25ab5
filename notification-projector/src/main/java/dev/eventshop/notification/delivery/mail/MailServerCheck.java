package dev.eventshop.notification.delivery.mail;

import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Finds out whether the mail server would let us in, in less time than a probe waits for an answer. */
public final class MailServerCheck {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final JavaMailSenderImpl impatient = new JavaMailSenderImpl();

    public MailServerCheck(JavaMailSenderImpl settings) {
        Properties properties = new Properties();
        properties.putAll(settings.getJavaMailProperties());
        for (String protocol : new String[] {"smtp", "smtps"}) {
            for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
                properties.put("mail." + protocol + "." + timeout, Long.toString(LIMIT.toMillis()));
            }
        }
        impatient.setJavaMailProperties(properties);
        impatient.setHost(settings.getHost());
        impatient.setPort(settings.getPort());
        impatient.setUsername(settings.getUsername());
        impatient.setPassword(settings.getPassword());
        if (settings.getProtocol() != null) {
            impatient.setProtocol(settings.getProtocol());
        }
    }

    /** @return why not, empty when it would */
    public Optional<String> problem() {
        try {
            impatient.testConnection();
            return Optional.empty();
        } catch (MessagingException e) {
            return Optional.of(Causes.describe(e));
        }
    }

    /** @return host and port */
    public String location() {
        return impatient.getHost() + ":" + impatient.getPort();
    }
}
