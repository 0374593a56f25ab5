package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.Topology;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The consumers of one queue. Each has a thread of its own: one that waits for the database holds up no other
 * subscription, as it would on the few threads of the connection.
 */
final class SubscriptionContainer extends SimpleMessageListenerContainer {

    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 10_000;

    private final Topology topology;
    private final String queue;

    SubscriptionContainer(
            ConnectionFactory connections,
            Topology topology,
            String queue,
            Consumption consumption,
            int consumers,
            int prefetch,
            long stopMillis) {
        super(connections);
        this.topology = topology;
        this.queue = queue;
        setBeanName("messaging-" + queue);
        setQueueNames(queue);
        setMessageListener(consumption);
        setMessagePropertiesConverter(new ReceivedProperties.Converter());
        setAcknowledgeMode(AcknowledgeMode.MANUAL);
        setConcurrentConsumers(consumers);
        setPrefetchCount(prefetch);
        setShutdownTimeout(stopMillis);
        // A queue or a login that is not right now may be so later.
        setMissingQueuesFatal(false);
        setPossibleAuthenticationFailureFatal(false);
        setDeclarationRetries(0);
        ExponentialBackOff pauses = new ExponentialBackOff(FIRST_PAUSE, 2);
        pauses.setMaxInterval(LONGEST_PAUSE);
        setRecoveryBackOff(pauses);
        setJavaLangErrorHandler(error -> {}); // the container ends, and is started again
    }

    String queue() {
        return queue;
    }

    /** Whenever a consumer starts: somebody may have deleted the queue. */
    @Override
    protected void redeclareElementsIfNecessary() {
        topology.declare();
    }
}
