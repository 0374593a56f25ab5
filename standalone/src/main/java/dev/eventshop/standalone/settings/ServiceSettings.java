package dev.eventshop.standalone.settings;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/**
 * What a service will read from its configuration files and from the {@link UserSettings}, for what has to be known
 * before it starts.
 */
public final class ServiceSettings {

    /**
     * What tells one service from another. All three see the same environment variables, so that one which happens to
     * be there for a single application would give them the same name or the same tables.
     */
    private static final List<String> IDENTITY = List.of(
            "spring.application.name",
            "spring.datasource.hikari.pool-name",
            "spring.datasource.hikari.schema",
            "spring.flyway.default-schema",
            "spring.flyway.locations",
            "spring.flyway.schemas");

    private final Service service;
    private final Environment environment;

    private ServiceSettings(Service service, Environment environment) {
        this.service = service;
        this.environment = environment;
    }

    /** @throws Refused when one of the service's files can't be read */
    public static ServiceSettings of(Service service, UserSettings user) {
        ConfigurableEnvironment environment = user.newEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("standalone", Map.of("spring.config.name", service.id())));
        try {
            ConfigDataEnvironmentPostProcessor.applyTo(environment);
        } catch (RuntimeException e) {
            throw new Refused(
                    ExitCode.USAGE, "The configuration of " + service.id() + " can't be read: " + e.getMessage(), e);
        }
        ConfigurationPropertySources.attach(environment);
        return new ServiceSettings(service, environment);
    }

    public Service service() {
        return service;
    }

    /** @return 0 for a free one */
    public int port() {
        return port(service.portProperty(), service.defaultPort());
    }

    /** @return 0 for a free one */
    public int managementPort() {
        return port(service.managementPortProperty(), service.defaultManagementPort());
    }

    private int port(String property, int byDefault) {
        String value = environment.getProperty(property);
        return value == null || value.isBlank() ? byDefault : UserSettings.port(property, value.strip());
    }

    /** @return the address that the service listens on */
    public String bindAddress() {
        return environment.getProperty("eventshop.bind-address", "127.0.0.1");
    }

    public Optional<String> text(String property) {
        return Optional.ofNullable(environment.getProperty(property));
    }

    /** @return settings that make the service what it is, as they are in the file that it brings along */
    public Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("spring.config.name", service.id());
        String file = service.id() + ".yml";
        try {
            for (PropertySource<?> source : new YamlPropertySourceLoader().load(file, new ClassPathResource(file))) {
                for (String property : IDENTITY) {
                    Object value = source.getProperty(property);
                    if (value != null) {
                        identity.put(property, value.toString());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return identity;
    }
}
