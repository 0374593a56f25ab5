package dev.eventshop.messaging;

/**
 * A durable queue that is bound to the exchange. Beans of this type make up the {@link Topology}.
 *
 * @param queue      name of the queue; its dead letters go to the queue named in {@link #deadLetterQueue()}
 * @param routingKey key that the queue is bound with, wildcards allowed
 */
public record QueueDefinition(String queue, String routingKey) {

    public QueueDefinition {
        if (queue.isBlank() || routingKey.isBlank()) {
            throw new IllegalArgumentException("a queue needs a name and a routing key");
        }
    }

    /** @return name of the queue for messages that can't be handled */
    public String deadLetterQueue() {
        return deadLetterQueue(queue);
    }

    /** @return name of the queue for messages of the given one that can't be handled */
    public static String deadLetterQueue(String queue) {
        return queue + ".dlq";
    }
}
