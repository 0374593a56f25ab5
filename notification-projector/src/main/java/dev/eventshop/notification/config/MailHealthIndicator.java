package dev.eventshop.notification.config;

import dev.eventshop.notification.delivery.MailServerCircuit;
import dev.eventshop.notification.delivery.mail.MailServerCheck;
import java.util.Optional;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * A mail server that is away or does not work delays emails and nothing else: the service is degraded, never down. The
 * check tells whether it would let us in now, the circuit what became of the emails.
 */
final class MailHealthIndicator extends AbstractHealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final MailServerCheck mailServer;
    private final MailServerCircuit circuit;

    MailHealthIndicator(MailServerCheck mailServer, MailServerCircuit circuit) {
        this.mailServer = mailServer;
        this.circuit = circuit;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Optional<String> problem = mailServer.problem();
        String lastFailure = circuit.cause();
        health.withDetail("location", mailServer.location()).withDetail("circuit", circuit.state());
        problem.ifPresent(error -> health.withDetail("error", error));
        if (lastFailure != null) {
            health.withDetail("lastFailure", lastFailure);
        }
        health.status(problem.isEmpty() && circuit.isClosed() ? Status.UP : DEGRADED);
    }
}
