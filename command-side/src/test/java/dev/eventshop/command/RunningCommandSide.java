package dev.eventshop.command;

import dev.eventshop.testing.RunningMappings;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.ConfigurableApplicationContext;

/** The application on free ports over a test database, and a client of it. */
final class RunningCommandSide extends CommandSideClient implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private RunningCommandSide(ConfigurableApplicationContext context) {
        super(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        this.context = context;
    }

    /** @param properties {@code name=value}, over those of the application */
    static RunningCommandSide start(TestDatabase database, String... properties) {
        return new RunningCommandSide(CommandSideApplication.builder()
                .run(arguments(database, properties).toArray(String[]::new)));
    }

    /**
     * @param properties {@code name=value}, over those of the application
     * @return what to start it with
     */
    static List<String> arguments(TestDatabase database, String... properties) {
        Map<String, Object> all = new LinkedHashMap<>(database.springProperties("command_side"));
        all.put("eventshop.command-side.port", 0);
        all.put("eventshop.command-side.management-port", 0);
        all.putAll(TestIssuer.shared().springProperties());
        // No broker: commands do without it.
        all.put("spring.rabbitmq.addresses", "127.0.0.1:1");
        Arrays.stream(properties)
                .map(property -> property.split("=", 2))
                .forEach(property -> all.put(property[0], property[1]));
        return all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toList();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** @return all that can be called, as {@code GET /api/orders/{id}} */
    Set<String> routes() {
        return RunningMappings.of(context);
    }

    URI management(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port") + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
