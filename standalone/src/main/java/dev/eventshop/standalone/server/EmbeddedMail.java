package dev.eventshop.standalone.server;

import dev.eventshop.embedded.MailSink;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import java.util.Map;

/** A mail server that takes every email and hands it to nobody. */
final class EmbeddedMail implements Server {

    /** Kept in memory. What was sent, and how it looked, is in the ledger. */
    private static final int NEWEST = 1_000;

    private final MailSink sink;

    private EmbeddedMail(MailSink sink) {
        this.sink = sink;
    }

    static EmbeddedMail start(int port) {
        return new EmbeddedMail(MailSink.start(port, NEWEST));
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        return service.service() == Service.NOTIFICATION_PROJECTOR
                ? Map.of(
                        "spring.mail.host",
                        "127.0.0.1",
                        "spring.mail.port",
                        Integer.toString(sink.port()),
                        "spring.mail.protocol",
                        "smtp",
                        "spring.mail.username",
                        "",
                        "spring.mail.password",
                        "")
                : Map.of();
    }

    @Override
    public String uri() {
        return "smtp://127.0.0.1:" + sink.port();
    }

    @Override
    public String description() {
        return uri();
    }

    @Override
    public void close() {
        sink.close();
    }
}
