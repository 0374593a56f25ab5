package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.server.Server;
import dev.eventshop.standalone.settings.Addresses;
import dev.eventshop.standalone.settings.ForcedProperties;
import dev.eventshop.standalone.settings.Service;
import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.ConfigurableApplicationContext;

/** A service as a Spring context of this process. It does not know that it is one of several. */
final class RunningService implements AutoCloseable {

    private final ServiceSettings settings;
    private final ConfigurableApplicationContext context;

    private RunningService(ServiceSettings settings, ConfigurableApplicationContext context) {
        this.settings = settings;
        this.context = context;
    }

    /**
     * Returns when the service is ready.
     *
     * @param servers that it may use
     * @param console pages that call it
     * @param personalData settings that name its files
     */
    static RunningService start(
            ServiceSettings settings,
            UserSettings user,
            List<Server> servers,
            ConsoleAddresses console,
            Map<String, Object> personalData) {
        Map<String, Object> forced = forced(settings);
        forced.putAll(personalData);
        forced.putAll(console.settingsFor(settings.service()));
        servers.forEach(server -> forced.putAll(server.settingsFor(settings)));
        return new RunningService(
                settings,
                settings.service()
                        .application()
                        .listeners(new ForcedProperties(forced))
                        .run(user.arguments()));
    }

    /** What is true whatever stands in the environment of the process, which is the same for all services. */
    private static Map<String, Object> forced(ServiceSettings settings) {
        Map<String, Object> forced = new LinkedHashMap<>(settings.identity());
        forced.put("server.address", settings.bindAddress());
        forced.put("server.port", settings.port());
        forced.put("management.server.address", settings.bindAddress());
        forced.put("management.server.port", settings.managementPort());
        forced.put("management.metrics.use-global-registry", false);
        forced.put("spring.main.web-application-type", "servlet");
        // A context stops when Shop says so.
        forced.put("spring.main.register-shutdown-hook", false);
        return forced;
    }

    Service service() {
        return settings.service();
    }

    String url() {
        return url("local.server.port");
    }

    String managementUrl() {
        return url("local.management.port");
    }

    private String url(String portProperty) {
        String port = Objects.requireNonNull(context.getEnvironment().getProperty(portProperty));
        return "http://" + Addresses.reachable(settings.bindAddress()) + ":" + port;
    }

    /** Finishes requests that run, then stops consumers and processors. */
    @Override
    public void close() {
        context.close();
    }
}
