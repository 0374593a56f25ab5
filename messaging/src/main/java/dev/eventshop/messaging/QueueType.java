package dev.eventshop.messaging;

import java.util.Map;

/** Kind of all queues that are declared. */
public enum QueueType {
    /** Declared without arguments: any broker knows it. */
    CLASSIC(Map.of()),

    /** Replicated over the nodes of a RabbitMQ cluster. */
    QUORUM(Map.of("x-queue-type", "quorum"));

    private final Map<String, Object> arguments;

    QueueType(Map<String, Object> arguments) {
        this.arguments = arguments;
    }

    /** @return arguments that a queue of this kind is declared with */
    public Map<String, Object> arguments() {
        return arguments;
    }
}
