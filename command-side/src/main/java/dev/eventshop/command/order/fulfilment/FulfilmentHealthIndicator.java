package dev.eventshop.command.order.fulfilment;

import dev.eventshop.web.DegradingHealth;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;

/** Degraded while orders wait for longer than they should: they are accepted, and confirmed or cancelled later. */
final class FulfilmentHealthIndicator implements HealthIndicator {

    private final FulfilmentMonitor monitor;
    private final Duration lateAfter;

    FulfilmentHealthIndicator(FulfilmentMonitor monitor, Duration lateAfter) {
        this.monitor = monitor;
        this.lateAfter = lateAfter;
    }

    @Override
    public Health health() {
        FulfilmentMonitor.Status status;
        try {
            status = monitor.status();
        } catch (DataAccessException away) { // the database's own indicator tells that it is down
            return Health.status(DegradingHealth.DEGRADED).withException(away).build();
        }
        boolean late = status.lag().seconds() > lateAfter.toSeconds();
        return late || status.stuck() > 0
                ? Health.status(DegradingHealth.DEGRADED)
                        .withDetail("lagSeconds", status.lag().seconds())
                        .withDetail("stuck", status.stuck())
                        .build()
                : Health.up().build();
    }
}
