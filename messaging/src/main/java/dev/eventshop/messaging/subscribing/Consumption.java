package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.Channel;
import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.deadletter.DeadLetter;
import dev.eventshop.messaging.deadletter.DeadLetters;
import dev.eventshop.messaging.inbox.FailedAttempts;
import dev.eventshop.messaging.inbox.Inbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ChannelProxy;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;

/**
 * The messages of one subscription: reads, handles and acknowledges them. One that fails for now is held, not
 * acknowledged, while those behind it go on: as many may be held as the consumers prefetch. Throws nothing.
 */
final class Consumption implements ChannelAwareMessageListener {

    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

    private final Subscription subscription;
    private final MessageReader reader;
    private final Inbox inbox;
    private final DatabaseGate database;
    private final DeadLetters deadLetters;
    private final SubscriptionMeters meters;
    private final int maxAttempts;
    private final Backoff backoff;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor retries;
    private volatile boolean stopping;

    Consumption(
            Subscription subscription,
            MessageReader reader,
            Inbox inbox,
            DatabaseGate database,
            DeadLetters deadLetters,
            SubscriptionMeters meters,
            int maxAttempts,
            Backoff backoff,
            Clock clock) {
        this.subscription = subscription;
        this.reader = reader;
        this.inbox = inbox;
        this.database = database;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.maxAttempts = maxAttempts;
        this.backoff = backoff;
        this.clock = clock;
        this.retries = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "messaging-retries-" + subscription.queue());
            thread.setDaemon(true);
            return thread;
        });
        retries.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        retries.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void onMessage(Message message, @Nullable Channel channel) {
        Channel own = channel instanceof ChannelProxy proxy ? proxy.getTargetChannel() : channel;
        if (own == null || stopping) {
            return; // goes back to the queue when the channel is closed
        }
        meters.received.increment();
        attempt(new Delivery(own, (ReceivedProperties) message.getMessageProperties(), message.getBody()));
    }

    private void attempt(Delivery delivery) {
        try {
            tryToHandle(delivery);
        } catch (Throwable e) { // a consumer that throws is ended by its container
            LOG.error("Message {} of queue {} is held", delivery, subscription.queue(), e);
            retry(delivery, backoff.longest());
        }
    }

    private void tryToHandle(Delivery delivery) {
        String messageId;
        Object event;
        try {
            messageId = MessageReader.messageId(delivery.properties());
            event = reader.read(delivery.properties(), delivery.body());
        } catch (RuntimeException | StackOverflowError e) {
            bury(delivery, null, e, delivery.countFailure(), clock.instant());
            return;
        }
        MessageContext context = delivery.context(messageId);
        @Nullable Throwable outage;
        do {
            if (stopping || !delivery.isOpen()) {
                return;
            }
            Throwable failure = handle(delivery, event, context);
            outage = failure == null ? null : failed(delivery, messageId, failure);
        } while (outage != null && database.awaitDatabase(outage));
    }

    /** @return null when the message has had its effect, now or before */
    private @Nullable Throwable handle(Delivery delivery, Object event, MessageContext context) {
        long start = System.nanoTime();
        boolean first;
        try {
            first = inbox.handleOnce(subscription.queue(), context.messageId(), () -> {
                try {
                    subscription.handle(event, context);
                } catch (Throwable e) {
                    throw new HandlerFailed(e);
                }
            });
        } catch (HandlerFailed e) {
            return e.getCause();
        } catch (RuntimeException | Error e) {
            return e;
        }
        if (first) {
            meters.handled.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        } else {
            meters.duplicates.increment();
        }
        delivery.acknowledge();
        return null;
    }

    /**
     * Decides what becomes of a message that failed.
     *
     * @return null, or why it has to wait for the database. A database that is there and fails for one message again and
     *     again is not away: that counts as the message's failure.
     */
    private @Nullable Throwable failed(Delivery delivery, String messageId, Throwable failure) {
        Failure kind = Failure.of(failure);
        if (kind == Failure.OUTAGE && delivery.countOutage() <= maxAttempts) {
            return failure;
        }
        int failures = delivery.countFailure();
        Instant now = clock.instant();
        if (kind == Failure.PERMANENT) {
            bury(delivery, messageId, failure, failures, now);
            return null;
        }
        Optional<FailedAttempts> noted;
        try {
            noted = inbox.failed(subscription.queue(), messageId);
        } catch (RuntimeException e) {
            if (Failure.of(e) == Failure.OUTAGE && delivery.countOutage() <= maxAttempts) {
                return e;
            }
            LOG.warn("A failure of message {} could not be noted: {}", delivery, Quoted.error(e));
            noted = Optional.of(new FailedAttempts(failures, now));
        }
        if (noted.isEmpty()) {
            meters.duplicates.increment();
            delivery.acknowledge();
        } else if (noted.get().count() >= maxAttempts) {
            bury(delivery, messageId, failure, noted.get().count(), noted.get().firstAt());
        } else {
            retry(delivery, noted.get().count(), failure);
        }
        return null;
    }

    private void retry(Delivery delivery, int failures, Throwable failure) {
        Duration pause = backoff.after(failures);
        LOG.warn(
                "Message {} of queue {} has failed {} of {} times, and is tried again in {} ms: {}",
                delivery,
                subscription.queue(),
                failures,
                maxAttempts,
                pause.toMillis(),
                Quoted.error(failure));
        meters.retried.increment();
        retry(delivery, pause);
    }

    private void retry(Delivery delivery, Duration pause) {
        retries.schedule(() -> attempt(delivery), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void bury(
            Delivery delivery, @Nullable String messageId, Throwable failure, int attempts, Instant firstFailedAt) {
        LOG.warn(
                "Message {} of queue {} goes to the dead letters: {}",
                delivery,
                subscription.queue(),
                Quoted.error(failure));
        DeadLetter letter = new DeadLetter(
                subscription.queue(),
                delivery.routingKey(),
                delivery.properties(),
                delivery.body(),
                failure,
                attempts,
                firstFailedAt,
                clock.instant());
        deadLetters.send(letter, () -> !stopping && delivery.isOpen(), () -> {
            if (messageId != null) {
                forget(messageId);
            }
            delivery.acknowledge();
            meters.deadLettered.increment();
        });
    }

    private void forget(String messageId) {
        try {
            inbox.forgetFailures(subscription.queue(), messageId);
        } catch (RuntimeException e) {
            LOG.warn("Failures of a message in the dead letters are still noted: {}", Quoted.error(e));
        }
    }

    /** From now on, messages are let go unhandled. */
    void stopping() {
        stopping = true;
        retries.shutdown();
    }

    void awaitStopped(Duration atMost) throws InterruptedException {
        if (!retries.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            retries.shutdownNow();
        }
    }

    /** Carries what a subscribed method throws through a transaction. */
    private static final class HandlerFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        HandlerFailed(Throwable cause) {
            super(cause);
        }
    }
}
