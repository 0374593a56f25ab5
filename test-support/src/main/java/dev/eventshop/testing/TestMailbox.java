package dev.eventshop.testing;

import dev.eventshop.embedded.MailSink;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Map;

/** A mail server of the test's own, and what it has received. */
public final class TestMailbox implements AutoCloseable {

    private static final int ALL = 100_000;

    private final MailSink sink;

    private TestMailbox(MailSink sink) {
        this.sink = sink;
    }

    public static TestMailbox start() {
        return new TestMailbox(MailSink.start(0, ALL));
    }

    public int smtpPort() {
        return sink.port();
    }

    /** @return oldest first */
    public List<MimeMessage> received() {
        return sink.received();
    }

    /** @return {@code spring.mail.*} */
    public Map<String, String> springProperties() {
        return Map.of("spring.mail.host", "127.0.0.1", "spring.mail.port", Integer.toString(smtpPort()));
    }

    @Override
    public void close() {
        sink.close();
    }
}
