package dev.eventshop.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/**
 * Adds {@code eventshop-web-defaults.yml} behind all other sources of properties, so that everything can override it.
 *
 * <p>Not by {@code spring.config.import}: what a file imports wins over what it says itself.
 */
final class WebDefaults implements EnvironmentPostProcessor {

    private static final String NAME = "eventshop-web-defaults";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        try {
            List<PropertySource<?>> sources =
                    new YamlPropertySourceLoader().load(NAME, new ClassPathResource(NAME + ".yml"));
            sources.forEach(environment.getPropertySources()::addLast);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
