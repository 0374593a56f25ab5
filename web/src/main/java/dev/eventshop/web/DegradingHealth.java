package dev.eventshop.web;

import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Dependencies that a service can do without for a while: when one is down, the service is {@code DEGRADED}, not down,
 * and answers its health with 200. The others, PostgreSQL above all, stay as they are.
 */
public final class DegradingHealth implements BeanPostProcessor {

    /** Between up and down: everything is accepted, some of it will have its effect later. */
    public static final Status DEGRADED = new Status("DEGRADED");

    private static final Set<String> BEANS = Set.of(
            "rabbitHealthContributor",
            "rabbitHealthIndicator",
            "redisHealthContributor",
            "redisHealthIndicator",
            "mailHealthContributor",
            "mailHealthIndicator");

    DegradingHealth() {}

    /** Turns {@code DOWN} and {@code OUT_OF_SERVICE} of an indicator into {@code DEGRADED}, with its details. */
    public static HealthIndicator degrading(HealthIndicator indicator) {
        return new HealthIndicator() {
            @Override
            public Health health() {
                return degraded(indicator.health());
            }

            @Override
            public Health health(boolean includeDetails) {
                return degraded(indicator.health(includeDetails));
            }
        };
    }

    private static Health degraded(Health health) {
        return health.getStatus().equals(Status.DOWN) || health.getStatus().equals(Status.OUT_OF_SERVICE)
                ? Health.status(DEGRADED).withDetails(health.getDetails()).build()
                : health;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return BEANS.contains(name) && bean instanceof HealthContributor contributor ? degrading(contributor) : bean;
    }

    private static HealthContributor degrading(HealthContributor contributor) {
        if (contributor instanceof HealthIndicator indicator) {
            return degrading(indicator);
        }
        if (contributor instanceof CompositeHealthContributor composite) {
            return CompositeHealthContributor.fromMap(composite.stream()
                    .collect(
                            Collectors.toMap(HealthContributors.Entry::name, entry -> degrading(entry.contributor()))));
        }
        return contributor;
    }
}
