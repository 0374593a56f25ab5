package dev.eventshop.notification.queue;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.notification.deadletter.DeadLetters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Asks the broker for the state of the documented queues. */
@Component
public class Queues {

    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    private final AmqpAdmin broker;
    private final DeadLetters deadLetters;

    Queues(AmqpAdmin broker, DeadLetters deadLetters) {
        this.broker = broker;
        this.deadLetters = deadLetters;
    }

    /**
     * @return one entry per documented queue, in the order of the registry
     * @throws org.springframework.amqp.AmqpException when the broker can't be asked; trying again later can help
     */
    public List<QueueState> all() {
        Map<String, Long> collected = collected();
        return EventRegistry.published().stream()
                .map(EventType::routingKey)
                .flatMap(Optional::stream)
                .map(queue -> state(queue, collected == null ? null : collected.getOrDefault(queue, 0L)))
                .toList();
    }

    /** @return null while the database is away: what the broker tells is known all the same */
    private @Nullable Map<String, Long> collected() {
        try {
            return deadLetters.byQueue();
        } catch (DataAccessException e) {
            LOG.debug("It is not known at the moment how many dead letters were collected.", e);
            return null;
        }
    }

    private QueueState state(String queue, @Nullable Long collected) {
        QueueInformation live = broker.getQueueInfo(queue);
        QueueInformation dead = broker.getQueueInfo(QueueDefinition.deadLetterQueue(queue));
        return new QueueState(
                queue,
                live == null ? null : clamped(live.getMessageCount()),
                null,
                live == null ? null : live.getConsumerCount(),
                null,
                null,
                dead == null || collected == null ? null : clamped(dead.getMessageCount() + collected));
    }

    private static @Nullable Integer clamped(long count) {
        return (int) Math.min(count, Integer.MAX_VALUE);
    }
}
