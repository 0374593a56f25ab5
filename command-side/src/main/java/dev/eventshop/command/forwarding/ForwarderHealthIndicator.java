package dev.eventshop.command.forwarding;

import dev.eventshop.web.DegradingHealth;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Degraded while events wait because they can't be forwarded: commands are accepted, others hear of them later. */
final class ForwarderHealthIndicator implements HealthIndicator {

    private final Forwarder forwarder;

    ForwarderHealthIndicator(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    @Override
    public Health health() {
        String error = forwarder.state().error();
        return error == null
                ? Health.up().build()
                : Health.status(DegradingHealth.DEGRADED)
                        .withDetail("error", error)
                        .build();
    }
}
