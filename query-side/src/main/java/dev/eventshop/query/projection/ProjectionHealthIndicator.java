package dev.eventshop.query.projection;

import dev.eventshop.web.DegradingHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;

/** Degraded while events can't be applied: the views are there, but of something they are older. */
final class ProjectionHealthIndicator implements HealthIndicator {

    private final Projections projections;
    private final ParkedEvents parked;

    ProjectionHealthIndicator(Projections projections, ParkedEvents parked) {
        this.projections = projections;
        this.parked = parked;
    }

    @Override
    public Health health() {
        Map<String, Object> errors = new LinkedHashMap<>();
        projections
                .all()
                .forEach(projection ->
                        projections.error(projection.name()).ifPresent(error -> errors.put(projection.name(), error)));
        deadLetters()
                .forEach((projection, count) ->
                        errors.merge(projection, "dead letters: " + count, (error, letters) -> error + "; " + letters));
        return errors.isEmpty()
                ? Health.up().build()
                : Health.status(DegradingHealth.DEGRADED).withDetails(errors).build();
    }

    private Map<String, Long> deadLetters() {
        try {
            return parked.counts();
        } catch (DataAccessException away) {
            return Map.of(); // the database's own indicator tells
        }
    }
}
