package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;

class WebDefaultsTest {

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void bindToLoopback() {
        new WebDefaults().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
        assertThat(environment.getProperty("management.server.address")).isEqualTo("127.0.0.1");
    }

    @Test
    void boundConnections() {
        new WebDefaults().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty("server.tomcat.max-connections", Integer.class))
                .isEqualTo(2_000);
        assertThat(environment.getProperty("server.tomcat.accept-count", Integer.class))
                .isEqualTo(100);
    }

    @Test
    void giveWayToEverythingElse() {
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("service", Map.of("eventshop.bind-address", "0.0.0.0")));
        new WebDefaults().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty("server.address")).isEqualTo("0.0.0.0");
    }
}
