package dev.eventshop.messaging.subscribing;

import com.rabbitmq.client.Channel;
import dev.eventshop.messaging.LoggedTrace;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.RetryPolicy;
import dev.eventshop.messaging.deadletter.DeadLetter;
import dev.eventshop.messaging.deadletter.DeadLetters;
import dev.eventshop.messaging.inbox.FailedAttempts;
import dev.eventshop.messaging.inbox.Inbox;
import java.time.Clock;
import java.time.Duration;
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
    private final RetryPolicy policy;
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
            RetryPolicy policy,
            Clock clock) {
        this.subscription = subscription;
        this.reader = reader;
        this.inbox = inbox;
        this.database = database;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.policy = policy;
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
        LoggedTrace trace = LoggedTrace.of(delivery.traceId());
        try (trace) {
            tryToHandleOrHold(delivery);
        }
    }

    private void tryToHandleOrHold(Delivery delivery) {
        try {
            tryToHandle(delivery);
        } catch (Throwable e) { // a consumer that throws is ended by its container
            LOG.error("Message {} of queue {} is held", delivery, subscription.queue(), e);
            retry(delivery, policy.backoff().longest());
        }
    }

    private void tryToHandle(Delivery delivery) {
        String messageId;
        Object event;
        try {
            messageId = MessageReader.messageId(delivery.properties());
            event = reader.read(delivery.properties(), delivery.body());
        } catch (RuntimeException | StackOverflowError e) {
            bury(delivery, null, e, delivery.countFailure(clock.instant()));
            return;
        }
        MessageContext context = delivery.context(messageId);
        boolean again;
        do {
            if (stopping || !delivery.isOpen()) {
                return;
            }
            Throwable failure = handle(delivery, event, context);
            again = failure != null && failed(delivery, context, failure);
        } while (again);
    }

    /** @return null when the message has had its effect, now or before */
    private @Nullable Throwable handle(Delivery delivery, Object event, MessageContext context) {
        long start = System.nanoTime();
        boolean first;
        try {
            first = throughInbox(context, () -> {
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
            database.handled();
        } else {
            meters.duplicates.increment();
        }
        delivery.acknowledge();
        return null;
    }

    /** @return whether the handler has run */
    private boolean throughInbox(MessageContext context, Runnable handler) {
        if (isPastInbox(context)) {
            inbox.handleUnnoted(handler);
            return true;
        }
        return inbox.handleOnce(subscription.queue(), context.messageId(), handler);
    }

    private boolean isPastInbox(MessageContext context) {
        return subscription.pastInbox() && context.replay();
    }

    /**
     * Decides what becomes of a message that failed. Waits when the cause is none of the message's own.
     *
     * @return whether to try it again at once
     */
    private boolean failed(Delivery delivery, MessageContext context, Throwable failure) {
        Failure kind = Failure.of(failure, policy);
        if (kind == Failure.UNAVAILABLE) {
            return database.pause(failure, delivery.countPause());
        }
        if (kind == Failure.OUTAGE && !isOfItsOwn(delivery)) {
            return awaitDatabase(delivery, failure);
        }
        FailedAttempts here = delivery.countFailure(clock.instant());
        @Nullable String noted = isPastInbox(context) ? null : context.messageId();
        if (kind == Failure.PERMANENT) {
            bury(delivery, noted, failure, here);
            return false;
        }
        Optional<FailedAttempts> failures;
        try {
            failures = noted == null ? Optional.of(here) : inbox.failed(subscription.queue(), noted);
        } catch (RuntimeException e) {
            if (Failure.of(e, policy) == Failure.OUTAGE && !isOfItsOwn(delivery)) {
                return awaitDatabase(delivery, e);
            }
            LOG.warn("A failure of message {} could not be noted: {}", delivery, Quoted.error(e));
            failures = Optional.of(here);
        }
        if (failures.isEmpty()) {
            meters.duplicates.increment();
            delivery.acknowledge();
        } else if (failures.get().count() >= policy.attempts()) {
            bury(delivery, noted, failure, failures.get());
        } else {
            retry(delivery, failures.get().count(), failure);
        }
        return false;
    }

    /**
     * A database that takes rows, and takes those of other messages, but fails for one again and again, is not away: that
     * is the message's failure. As long as no message has its effect, it is the database's.
     */
    private boolean isOfItsOwn(Delivery delivery) {
        return delivery.countOutage() > policy.attempts() && delivery.othersWereHandled(database.handledSoFar());
    }

    /** A message for which that does not help is set aside, so that others can show whether the fault is its own. */
    private boolean awaitDatabase(Delivery delivery, Throwable outage) {
        if (delivery.outages() <= policy.attempts()) {
            return database.awaitDatabase(outage);
        }
        LOG.warn("Message {} of queue {} is held: {}", delivery, subscription.queue(), Quoted.error(outage));
        retry(delivery, policy.backoff().longest());
        return false;
    }

    private void retry(Delivery delivery, int failures, Throwable failure) {
        Duration pause = policy.backoff().after(failures);
        LOG.warn(
                "Message {} of queue {} has failed {} of {} times, and is tried again in {} ms: {}",
                delivery,
                subscription.queue(),
                failures,
                policy.attempts(),
                pause.toMillis(),
                Quoted.error(failure));
        meters.retried.increment();
        retry(delivery, pause);
    }

    private void retry(Delivery delivery, Duration pause) {
        retries.schedule(() -> attempt(delivery), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param noted id by which the inbox knows of failed attempts; null when it knows of none */
    private void bury(Delivery delivery, @Nullable String noted, Throwable failure, FailedAttempts attempts) {
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
                attempts.count(),
                attempts.firstAt(),
                clock.instant());
        deadLetters.send(letter, () -> !stopping && delivery.isOpen(), () -> {
            if (noted != null) {
                forget(noted);
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
