package dev.eventshop.standalone.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.standalone.probe.SystemState.BrokerState;
import dev.eventshop.standalone.probe.SystemState.ForwarderState;
import dev.eventshop.standalone.probe.SystemState.ProjectionState;
import dev.eventshop.standalone.probe.SystemState.QueueState;
import dev.eventshop.standalone.probe.SystemState.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    private final Problems problems = new Problems("the.exchange");

    @Test
    void areNoneWhenAllIsWell() {
        assertThat(problems.of(new BrokerState("UP", true, null))
                        .ofQueues(List.of(new QueueState("order.created", 5L, 1L, 0L)))
                        .ofServices(List.of(new ServiceState("query-side", "UP", "UP", List.of())))
                        .of(new ForwarderState("1-2-3", 7L, 3L, "UP", null))
                        .ofProjections(List.of(new ProjectionState("order-summary", "RUNNING", 7, 3, null)), null)
                        .found())
                .isEmpty();
    }

    @Test
    void areABrokerThatIsAwayOrHasNoExchange() {
        assertThat(problems.of(new BrokerState("DOWN", false, "refused"))
                        .of(new BrokerState("UP", false, null))
                        .found())
                .containsExactly("The broker can't be reached: refused.", "The exchange the.exchange is missing.");
    }

    @Test
    void areQueuesThatAreMissingOrNotConsumedOrHaveFailures() {
        assertThat(problems.ofQueues(List.of(
                                new QueueState("a", null, null, null),
                                new QueueState("b", 0L, 0L, 0L),
                                new QueueState("c", 0L, 1L, 2L),
                                new QueueState("d", 0L, 1L, null)))
                        .found())
                .containsExactly(
                        "The queue a is missing or can't be asked.",
                        "Nobody consumes the queue b.",
                        "The queue c has 2 failed messages (see /api/admin/dead-letters of the notification projector).",
                        "The queue d.dlq is missing.");
    }

    @Test
    void areServicesThatAreNotReadyOrDegraded() {
        assertThat(problems.ofServices(List.of(
                                new ServiceState("a", "DOWN", "DOWN", List.of()),
                                new ServiceState("b", "DEGRADED", "UP", List.of("mail DEGRADED"))))
                        .found())
                .containsExactly("The service a is not ready (DOWN).", "The service b is DEGRADED: mail DEGRADED.");
    }

    @Test
    void areAForwarderThatDoesNotGetOn() {
        assertThat(problems.of(new ForwarderState(null, null, null, null, null))
                        .of(new ForwarderState(null, null, null, null, "403 FORBIDDEN: Your roles don't allow that."))
                        .of(new ForwarderState("1-2-3", 5L, 61L, "DOWN", "refused"))
                        .found())
                .containsExactly(
                        "The forwarder can't be asked.",
                        "The forwarder can't be asked: 403 FORBIDDEN: Your roles don't allow that.",
                        "The forwarder has no broker (DOWN).",
                        "The forwarder does not get on: refused",
                        "The forwarder is 61 s behind.");
    }

    @Test
    void areProjectionsThatDoNotGetOn() {
        assertThat(problems.ofProjections(List.of(), null)
                        .ofProjections(List.of(), "nobody listens there")
                        .ofProjections(
                                List.of(
                                        new ProjectionState("a", "ERROR", 1, 1, "no row"),
                                        new ProjectionState("b", "STOPPED", 1, 1, null),
                                        new ProjectionState("c", "RUNNING", 9, 61, null)),
                                null)
                        .found())
                .containsExactly(
                        "The projections can't be asked.",
                        "The projections can't be asked: nobody listens there.",
                        "The projection a is ERROR: no row",
                        "The projection b is STOPPED.",
                        "The projection c is 61 s behind.");
    }
}
