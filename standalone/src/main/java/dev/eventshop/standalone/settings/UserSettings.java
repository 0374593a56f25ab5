package dev.eventshop.standalone.settings;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * What the user has set for all services: arguments of the form {@code --name=value}, system properties and environment
 * variables, the former before the latter.
 */
public final class UserSettings {

    private final List<String> arguments;
    private final ConfigurableEnvironment environment = new StandardEnvironment();

    public UserSettings(List<String> arguments) {
        this.arguments = List.copyOf(arguments);
        addArguments(environment);
        ConfigurationPropertySources.attach(environment);
    }

    private void addArguments(ConfigurableEnvironment target) {
        target.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
    }

    /** @return the arguments, for an application to read */
    public String[] arguments() {
        return arguments.toArray(String[]::new);
    }

    /** @return empty when it is not set, or to nothing */
    public Optional<String> text(String property) {
        return Optional.ofNullable(environment.getProperty(property)).filter(value -> !value.isBlank());
    }

    /** @throws Refused when it is no port */
    public OptionalInt port(String property) {
        Optional<String> value = text(property);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(port(property, value.get()));
    }

    static int port(String property, String value) {
        if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65_535) {
            return Integer.parseInt(value);
        }
        throw new Refused(
                ExitCode.USAGE, "The setting " + property + " must be a port from 0 to 65535, not \"" + value + "\".");
    }

    /**
     * @param type a class of Spring Boot's configuration properties
     * @throws Refused when a value does not fit
     */
    public <T> T bound(String prefix, Class<T> type) {
        try {
            return Binder.get(environment).bindOrCreate(prefix, type);
        } catch (BindException e) {
            throw new Refused(ExitCode.USAGE, "The setting " + e.getName() + " has a value that does not fit.", e);
        }
    }

    /** @return a new environment that these settings come first in */
    ConfigurableEnvironment newEnvironment() {
        ConfigurableEnvironment copy = new StandardEnvironment();
        addArguments(copy);
        return copy;
    }
}
