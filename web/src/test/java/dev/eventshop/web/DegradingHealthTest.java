package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

class DegradingHealthTest {

    private static final HealthIndicator DOWN =
            () -> Health.down().withDetail("why", "gone").build();

    private final DegradingHealth processor = new DegradingHealth();

    @Test
    void keepsUpAsItIs() {
        assertThat(DegradingHealth.degrading(() -> Health.up().build()).health().getStatus())
                .isEqualTo(Status.UP);
    }

    @Test
    void degradesTheBrokerWithItsDetails() {
        Object bean = processor.postProcessAfterInitialization(DOWN, "rabbitHealthContributor");

        assertThat(bean).isInstanceOfSatisfying(HealthIndicator.class, indicator -> {
            assertThat(indicator.health(true).getStatus()).isEqualTo(DegradingHealth.DEGRADED);
            assertThat(indicator.health(true).getDetails()).containsEntry("why", "gone");
        });
    }

    @Test
    void degradesEachOfSeveralBrokers() {
        Object bean = processor.postProcessAfterInitialization(
                CompositeHealthContributor.fromMap(Map.of("a", DOWN)), "rabbitHealthContributor");

        assertThat(bean)
                .isInstanceOfSatisfying(
                        CompositeHealthContributor.class,
                        composite -> assertThat(composite.getContributor("a"))
                                .isInstanceOfSatisfying(
                                        HealthIndicator.class,
                                        indicator -> assertThat(
                                                        indicator.health().getStatus())
                                                .isEqualTo(DegradingHealth.DEGRADED)));
    }

    @Test
    void leavesTheDatabaseAlone() {
        assertThat(processor.postProcessAfterInitialization(DOWN, "dbHealthContributor"))
                .isSameAs(DOWN);
    }
}
