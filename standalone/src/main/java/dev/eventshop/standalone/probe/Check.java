package dev.eventshop.standalone.probe;

import dev.eventshop.standalone.client.Answer;
import dev.eventshop.standalone.client.Http;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.probe.SystemState.ForwarderState;
import dev.eventshop.standalone.probe.SystemState.ProjectionState;
import dev.eventshop.standalone.probe.SystemState.QueueState;
import dev.eventshop.standalone.probe.SystemState.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Asks every part of a running system how it is. */
public final class Check {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String UP = "UP";
    private static final String DOWN = "DOWN";

    private final Endpoints endpoints;
    private final String exchange;
    private final Http services;
    private final Http management = new Http(TIMEOUT, () -> "");

    public Check(Endpoints endpoints, String exchange) {
        this.endpoints = endpoints;
        this.exchange = exchange;
        this.services = Http.asOperator(endpoints, TIMEOUT);
    }

    public SystemState look() {
        QueueCheck broker = QueueCheck.of(endpoints.amqp(), exchange);
        List<QueueState> queues = withCollected(broker.queues());
        List<ServiceState> services = List.of(
                service("command-side", endpoints.management().commandSide()),
                service("query-side", endpoints.management().querySide()),
                service("notification-projector", endpoints.management().notificationProjector()));
        ForwarderState forwarder = forwarder();
        List<ProjectionState> projections = new ArrayList<>();
        String failure = find(projections);
        List<String> problems = new Problems(exchange)
                .of(broker.broker())
                .ofQueues(queues)
                .ofServices(services)
                .of(forwarder)
                .ofProjections(projections, failure)
                .found();
        return new SystemState(problems.isEmpty(), broker.broker(), queues, services, forwarder, projections, problems);
    }

    /** The service knows of dead letters that are not in their queue any more. */
    private List<QueueState> withCollected(List<QueueState> queues) {
        Map<String, Long> failed = new HashMap<>();
        ask(services, endpoints.notificationProjector() + "/api/admin/queues")
                .ifPresent(answer -> answer.path("items").forEach(item -> {
                    if (item.path("failed").isNumber()) {
                        failed.put(
                                item.path("queue").asString(),
                                item.path("failed").longValue());
                    }
                }));
        return queues.stream()
                .map(queue -> new QueueState(
                        queue.queue(),
                        queue.ready(),
                        queue.consumers(),
                        failed.getOrDefault(queue.queue(), queue.failed())))
                .toList();
    }

    private ServiceState service(String name, String management) {
        Optional<JsonNode> health = ask(this.management, management + "/actuator/health");
        Optional<JsonNode> readiness = ask(this.management, management + "/actuator/health/readiness");
        List<String> degraded = new ArrayList<>();
        for (Map.Entry<String, JsonNode> component :
                health.map(answer -> answer.path("components").properties()).orElse(java.util.Set.of())) {
            String state = status(component.getValue());
            if (!state.equals(UP)) {
                degraded.add(component.getKey() + " " + state);
            }
        }
        return new ServiceState(
                name,
                health.map(Check::status).orElse(DOWN),
                readiness.map(Check::status).orElse(DOWN),
                degraded);
    }

    private static String status(JsonNode health) {
        return health.path("status").asString("UNKNOWN");
    }

    private ForwarderState forwarder() {
        try {
            JsonNode answer = asOperator(endpoints.commandSide() + "/api/admin/forwarder");
            return new ForwarderState(
                    text(answer, "position"),
                    answer.path("lagEvents").asLong(),
                    answer.path("lagSeconds").asLong(),
                    text(answer, "broker"),
                    text(answer, "error"));
        } catch (UnexpectedAnswer e) {
            return new ForwarderState(null, null, null, null, e.getMessage());
        }
    }

    /** @return why none were found; null when they were */
    private @Nullable String find(List<ProjectionState> projections) {
        try {
            asOperator(endpoints.querySide() + "/api/admin/processors")
                    .path("items")
                    .forEach(item -> projections.add(new ProjectionState(
                            item.path("projection").asString(),
                            item.path("state").asString(),
                            item.path("lagEvents").asLong(),
                            item.path("lagSeconds").asLong(),
                            text(item, "error"))));
            return null;
        } catch (UnexpectedAnswer e) {
            return e.getMessage();
        }
    }

    /** @throws UnexpectedAnswer when there is no token, no answer, or a refusal */
    private JsonNode asOperator(String url) {
        return services.get(url).successful("GET " + url).json();
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).isString() ? node.path(field).asString() : null;
    }

    /** @return empty when nobody answers in JSON; the answer of an unhealthy service is an error as well */
    private static Optional<JsonNode> ask(Http http, String url) {
        try {
            Answer answer = http.get(url);
            return answer.json().isObject() ? Optional.of(answer.json()) : Optional.empty();
        } catch (UnexpectedAnswer e) {
            return Optional.empty();
        }
    }
}
