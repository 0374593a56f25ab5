package dev.eventshop.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.notification.delivery.MailServerCircuit.Permit;
import dev.eventshop.notification.delivery.ledger.WakeUp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MailServerCircuitTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final WakeUp wakeUp = new WakeUp();
    private final MailServerCircuit circuit = circuit(Duration.ofMillis(20));

    private MailServerCircuit circuit(Duration pause) {
        DeliveryProperties properties = new DeliveryProperties(
                "shop@eventshop.example",
                "Eventshop",
                1,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofHours(24),
                Duration.ofHours(24),
                Duration.ofSeconds(5),
                Duration.ofMinutes(15),
                Duration.ofSeconds(60),
                0,
                10,
                pause,
                pause.multipliedBy(4),
                Duration.ofSeconds(10));
        return new MailServerCircuit(properties, wakeUp, meters);
    }

    private static Permit permit(MailServerCircuit circuit) {
        return circuit.permit().orElseThrow();
    }

    private static void fail(MailServerCircuit circuit, int times) {
        for (int i = 0; i < times; i++) {
            permit(circuit).failed("no connection");
        }
    }

    private Permit probe() {
        fail(circuit, 5);
        return await().until(circuit::permit, permit -> permit.isPresent()).orElseThrow();
    }

    private double gauge(String state) {
        return meters.get("eventshop.notifications.circuit")
                .tag("state", state)
                .gauge()
                .value();
    }

    @Test
    void opensWhenHalfOfTheLastOutcomesAreFailures() {
        MailServerCircuit patient = circuit(Duration.ofHours(1));
        for (int i = 0; i < 10; i++) {
            permit(patient).succeeded();
        }
        fail(patient, 4);
        assertThat(patient.isClosed()).isTrue();

        fail(patient, 1);

        assertThat(patient.state()).isEqualTo("OPEN");
        assertThat(patient.cause()).isEqualTo("no connection");
        assertThat(patient.permit()).isEmpty();
    }

    @Test
    void doesNotJudgeByAFewOutcomes() {
        fail(circuit, 4);
        assertThat(circuit.isClosed()).isTrue();
    }

    @Test
    void forgetsTheCauseWithASuccess() {
        fail(circuit, 1);
        assertThat(circuit.cause()).isNotNull();
        permit(circuit).succeeded();
        assertThat(circuit.cause()).isNull();
    }

    @Test
    void letsOneTryAfterThePause() {
        Permit probe = probe();
        assertThat(probe.isProbe()).isTrue();
        assertThat(circuit.state()).isEqualTo("HALF_OPEN");
        assertThat(circuit.permit()).isEmpty();
    }

    @Test
    void closesWhenTheTrySucceedsAndWakesTheWorkers() {
        Permit probe = probe();
        long seen = wakeUp.seen();
        probe.succeeded();
        assertThat(circuit.isClosed()).isTrue();
        assertThat(wakeUp.seen()).isGreaterThan(seen);
    }

    @Test
    void opensAgainWhenTheTryFails() {
        probe().failed("421");
        assertThat(circuit.state()).isEqualTo("OPEN");
        assertThat(circuit.cause()).isEqualTo("421");
    }

    @Test
    void letsAnotherTryWhenTheFirstDidNot() {
        probe().close();
        assertThat(permit(circuit).isProbe()).isTrue();
    }

    @Test
    void keepsATryThatWasUsed() {
        try (Permit probe = probe()) {
            probe.failed("421");
        }
        assertThat(circuit.permit()).isEmpty();
    }

    @Test
    void doesNotCountWhatWasBegunBeforeItOpened() {
        Permit early = permit(circuit);
        Permit unused = permit(circuit);
        probe();

        early.succeeded();
        unused.close();

        assertThat(circuit.state()).isEqualTo("HALF_OPEN");
        assertThat(circuit.permit()).isEmpty();
    }

    @Test
    void isShownByMetrics() {
        assertThat(gauge("closed")).isEqualTo(1);
        probe();
        assertThat(gauge("closed")).isZero();
        assertThat(gauge("half_open")).isEqualTo(1);
        circuit.permit();
        assertThat(meters.counter("eventshop.notifications.circuit.failures").count())
                .isEqualTo(5);
    }
}
