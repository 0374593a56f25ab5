package dev.eventshop.notification.config;

import dev.eventshop.notification.delivery.mail.MailServerCheck;
import java.util.Optional;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** A mail server that is away delays emails and nothing else: the service is degraded, never down. */
final class MailHealthIndicator extends AbstractHealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final MailServerCheck mailServer;

    MailHealthIndicator(MailServerCheck mailServer) {
        this.mailServer = mailServer;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Optional<String> problem = mailServer.problem();
        health.withDetail("location", mailServer.location());
        if (problem.isPresent()) {
            health.status(DEGRADED).withDetail("error", problem.get());
        } else {
            health.up();
        }
    }
}
