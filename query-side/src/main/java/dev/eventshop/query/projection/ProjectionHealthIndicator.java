package dev.eventshop.query.projection;

import dev.eventshop.web.DegradingHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Degraded while an event can't be applied in this instance: the views are there, but some get older. */
final class ProjectionHealthIndicator implements HealthIndicator {

    private final Projections projections;

    ProjectionHealthIndicator(Projections projections) {
        this.projections = projections;
    }

    @Override
    public Health health() {
        Map<String, Object> errors = new LinkedHashMap<>();
        projections
                .all()
                .forEach(projection ->
                        projections.error(projection.name()).ifPresent(error -> errors.put(projection.name(), error)));
        return errors.isEmpty()
                ? Health.up().build()
                : Health.status(DegradingHealth.DEGRADED).withDetails(errors).build();
    }
}
