package dev.eventshop.standalone.server;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;

/** The user's own RabbitMQ. The services read its settings themselves. */
final class ExternalMessageBroker implements Server {

    private static final String DEFAULT_VIRTUAL_HOST = "/";

    private final RabbitProperties properties;
    private final String address;

    private ExternalMessageBroker(RabbitProperties properties, String address) {
        this.properties = properties;
        this.address = address;
    }

    /** @return whether the user has named a broker */
    static boolean isNamed(UserSettings settings) {
        return Stream.of("spring.rabbitmq.addresses", "spring.rabbitmq.host", "spring.rabbitmq.port")
                .anyMatch(property -> settings.text(property).isPresent());
    }

    /** @throws Refused when none of its addresses can be used */
    static ExternalMessageBroker find(UserSettings settings) {
        RabbitProperties properties = settings.bound("spring.rabbitmq", RabbitProperties.class);
        List<String> addresses = properties.determineAddresses();
        Refused refusal = null;
        for (String address : addresses) {
            try {
                ExternalMessageBroker broker = new ExternalMessageBroker(properties, address);
                broker.connect();
                return broker;
            } catch (Refused refused) {
                refusal = refused;
            }
        }
        throw refusal == null
                ? new Refused(ExitCode.USAGE, "The setting spring.rabbitmq.addresses names no broker.")
                : refusal;
    }

    private void connect() {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1));
        if (properties.getSsl().determineEnabled()) {
            // Which keys are good is for the services to say.
            Reachability.require("RabbitMQ", host, port);
            return;
        }
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(host);
        factory.setPort(port);
        factory.setUsername(properties.determineUsername());
        factory.setPassword(password());
        factory.setVirtualHost(virtualHost());
        factory.setConnectionTimeout(Reachability.TIMEOUT_MILLIS);
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection("eventshop-standalone")) {
            connection.getServerProperties();
        } catch (AuthenticationFailureException e) {
            throw refused("wrong password", e);
        } catch (IOException | TimeoutException e) {
            throw e.getCause() instanceof ShutdownSignalException closed
                            && closed.getReason() instanceof AMQP.Connection.Close close
                    ? refused(close.getReplyText(), e)
                    : Reachability.unreachable("RabbitMQ at " + address, e);
        }
    }

    private Refused refused(String reason, Exception cause) {
        return new Refused(
                ExitCode.SERVER,
                "RabbitMQ at " + address + " refuses user " + properties.determineUsername() + ": " + reason + ".",
                cause);
    }

    private String password() {
        return Optional.ofNullable(properties.determinePassword()).orElse("");
    }

    private String virtualHost() {
        return Optional.ofNullable(properties.determineVirtualHost()).orElse(DEFAULT_VIRTUAL_HOST);
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        return Map.of();
    }

    @Override
    public String uri() {
        return uri(Uris.userInfo(properties.determineUsername(), password()));
    }

    @Override
    public String description() {
        return uri(Uris.userInfo(properties.determineUsername(), ""));
    }

    private String uri(String userInfo) {
        String scheme = properties.getSsl().determineEnabled() ? "amqps://" : "amqp://";
        String path = virtualHost().equals(DEFAULT_VIRTUAL_HOST) ? "" : "/" + Uris.encoded(virtualHost());
        return scheme + userInfo + address + path;
    }

    /** It is not ours to stop. */
    @Override
    public void close() {}
}
