package dev.eventshop.standalone.server;

import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.mail.autoconfigure.MailProperties;

/** The user's own mail server. The notification service reads its settings itself. */
final class ExternalMail implements Server {

    private static final int DEFAULT_PORT = 1025;

    private final String protocol;
    private final String host;
    private final int port;

    private ExternalMail(String protocol, String host, int port) {
        this.protocol = protocol;
        this.host = host;
        this.port = port;
    }

    /** @return whether the user has named a mail server */
    static boolean isNamed(UserSettings settings) {
        return Stream.of("spring.mail.host", "spring.mail.port")
                .anyMatch(property -> settings.text(property).isPresent());
    }

    /** @throws dev.eventshop.standalone.console.Refused when nobody listens there */
    static ExternalMail find(UserSettings settings) {
        MailProperties properties = settings.bound("spring.mail", MailProperties.class);
        String host = Optional.ofNullable(properties.getHost()).orElse("localhost");
        int port = Optional.ofNullable(properties.getPort()).orElse(DEFAULT_PORT);
        Reachability.require("The mail server", host, port);
        return new ExternalMail(properties.getProtocol(), host, port);
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        return Map.of();
    }

    @Override
    public String uri() {
        return protocol + "://" + Uris.host(host) + ":" + port;
    }

    @Override
    public String description() {
        return uri();
    }

    /** It is not ours to stop. */
    @Override
    public void close() {}
}
