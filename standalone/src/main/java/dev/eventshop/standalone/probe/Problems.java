package dev.eventshop.standalone.probe;

import dev.eventshop.standalone.probe.SystemState.BrokerState;
import dev.eventshop.standalone.probe.SystemState.ForwarderState;
import dev.eventshop.standalone.probe.SystemState.ProjectionState;
import dev.eventshop.standalone.probe.SystemState.QueueState;
import dev.eventshop.standalone.probe.SystemState.ServiceState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a state, in sentences. */
final class Problems {

    /** What is further behind does not catch up by itself, or is too slow. */
    private static final long LONGEST_LAG_SECONDS = 60;

    private final String exchange;
    private final List<String> found = new ArrayList<>();

    Problems(String exchange) {
        this.exchange = exchange;
    }

    List<String> found() {
        return List.copyOf(found);
    }

    Problems of(BrokerState broker) {
        if (!broker.state().equals("UP")) {
            found.add("The broker can't be reached: " + broker.error() + ".");
        } else if (!broker.exchange()) {
            found.add("The exchange " + exchange + " is missing.");
        }
        return this;
    }

    Problems ofQueues(List<QueueState> queues) {
        queues.forEach(this::of);
        return this;
    }

    private void of(QueueState queue) {
        if (queue.ready() == null) {
            found.add("The queue " + queue.queue() + " is missing or can't be asked.");
            return;
        }
        if (queue.consumers() != null && queue.consumers() == 0) {
            found.add("Nobody consumes the queue " + queue.queue() + ".");
        }
        if (queue.failed() == null) {
            found.add("The queue " + queue.queue() + ".dlq is missing.");
        } else if (queue.failed() > 0) {
            found.add("The queue " + queue.queue() + " has " + queue.failed()
                    + (queue.failed() == 1 ? " failed message" : " failed messages")
                    + " (see /api/admin/dead-letters of the notification projector).");
        }
    }

    Problems ofServices(List<ServiceState> services) {
        for (ServiceState service : services) {
            if (!service.readiness().equals("UP")) {
                found.add("The service " + service.service() + " is not ready (" + service.readiness() + ").");
            } else if (!service.health().equals("UP")) {
                found.add("The service " + service.service() + " is " + service.health() + ": "
                        + String.join(", ", service.degraded()) + ".");
            }
        }
        return this;
    }

    Problems of(ForwarderState forwarder) {
        if (forwarder.position() == null) {
            found.add(sentence("The forwarder can't be asked", forwarder.error()));
            return this;
        }
        if (!"UP".equals(forwarder.broker())) {
            found.add("The forwarder has no broker (" + forwarder.broker() + ").");
        }
        if (forwarder.error() != null) {
            found.add("The forwarder does not get on: " + forwarder.error());
        }
        if (forwarder.lagSeconds() != null && forwarder.lagSeconds() > LONGEST_LAG_SECONDS) {
            found.add("The forwarder is " + forwarder.lagSeconds() + " s behind.");
        }
        return this;
    }

    /** @param failure why there are none; null when nobody knows */
    Problems ofProjections(List<ProjectionState> projections, @Nullable String failure) {
        if (projections.isEmpty()) {
            found.add(sentence("The projections can't be asked", failure));
        }
        for (ProjectionState projection : projections) {
            if (!projection.state().equals("RUNNING")) {
                found.add("The projection " + projection.projection() + " is " + projection.state()
                        + (projection.error() == null ? "." : ": " + projection.error()));
            } else if (projection.lagSeconds() > LONGEST_LAG_SECONDS) {
                found.add(
                        "The projection " + projection.projection() + " is " + projection.lagSeconds() + " s behind.");
            }
        }
        return this;
    }

    private static String sentence(String what, @Nullable String reason) {
        String text = reason == null ? what : what + ": " + reason;
        return text.endsWith(".") ? text : text + ".";
    }
}
