package dev.eventshop.standalone.server;

import dev.eventshop.embedded.EmbeddedBroker;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import java.nio.file.Path;
import java.util.Map;

/** An AMQP broker in the data folder. */
final class EmbeddedMessageBroker implements Server {

    private final EmbeddedBroker broker;

    private EmbeddedMessageBroker(EmbeddedBroker broker) {
        this.broker = broker;
    }

    static EmbeddedMessageBroker start(Path folder, int port) {
        return new EmbeddedMessageBroker(EmbeddedBroker.start(folder, port));
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        return service.service() == Service.QUERY_SIDE
                ? Map.of()
                : Map.of(
                        "spring.rabbitmq.addresses",
                        "127.0.0.1:" + broker.port(),
                        "spring.rabbitmq.username",
                        broker.user(),
                        "spring.rabbitmq.password",
                        broker.password(),
                        "spring.rabbitmq.virtual-host",
                        "",
                        "spring.rabbitmq.ssl.enabled",
                        "false");
    }

    @Override
    public String uri() {
        return broker.uri();
    }

    @Override
    public String description() {
        return "amqp://" + Uris.userInfo(broker.user(), "") + "127.0.0.1:" + broker.port();
    }

    @Override
    public void close() {
        broker.close();
    }
}
