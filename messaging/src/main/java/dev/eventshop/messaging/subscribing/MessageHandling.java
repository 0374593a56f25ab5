package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.LoggedTrace;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.RetryPolicy;
import dev.eventshop.messaging.deadletter.DeadLetter;
import dev.eventshop.messaging.deadletter.DeadLetters;
import dev.eventshop.messaging.inbox.FailedAttempts;
import dev.eventshop.messaging.inbox.Inbox;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with the messages of one subscription: they are read, handled and acknowledged, those that come together
 * in one transaction. When one of them fails, none has had its effect, and each is handled alone. One that then fails for
 * now is held, not acknowledged, while others go on: as many may be held as the consumers prefetch. Throws nothing.
 */
final class MessageHandling {

    private static final Logger LOG = LoggerFactory.getLogger(MessageHandling.class);

    private final Subscription subscription;
    private final MessageReader reader;
    private final Inbox inbox;
    private final DatabaseGate database;
    private final DeadLetters deadLetters;
    private final SubscriptionMeters meters;
    private final RetryPolicy policy;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor retries;
    private final AtomicLong handled = new AtomicLong();
    private volatile boolean stopping;

    MessageHandling(
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

    void handle(List<Delivery> deliveries) {
        List<ReadMessage> read = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            inItsTrace(delivery, () -> read(delivery).ifPresent(read::add));
        }
        read.stream().collect(Collectors.partitioningBy(this::isPastInbox)).values().stream()
                .filter(messages -> !messages.isEmpty() && !haveAllHadTheirEffect(messages))
                .flatMap(List::stream)
                .forEach(message -> inItsTrace(message.delivery(), () -> handleAlone(message)));
    }

    /** Holds the message when something fails that nobody has thought of: whoever works here must go on. */
    private void inItsTrace(Delivery delivery, Runnable work) {
        LoggedTrace trace = LoggedTrace.of(delivery.traceId());
        try (trace) {
            work.run();
        } catch (Throwable e) {
            LOG.error("Message {} of queue {} is held", delivery, subscription.queue(), e);
            retry(delivery, policy.backoff().longest());
        }
    }

    /** @return empty when the message can't be read, and went to the dead letters */
    private Optional<ReadMessage> read(Delivery delivery) {
        try {
            String messageId = MessageReader.messageId(delivery.properties());
            Object event = reader.read(delivery.properties(), delivery.body());
            return Optional.of(new ReadMessage(delivery, event, delivery.context(messageId)));
        } catch (RuntimeException | StackOverflowError e) {
            bury(delivery, null, e, delivery.countFailure(clock.instant()));
            return Optional.empty();
        }
    }

    private boolean haveAllHadTheirEffect(List<ReadMessage> messages) {
        if (messages.size() == 1) {
            return false; // alone it tells why it fails
        }
        Throwable failure;
        try {
            failure = tryToHandle(messages);
        } catch (Throwable e) { // nobody has thought of it, and whoever works here must go on
            failure = e;
        }
        if (failure != null) {
            LOG.debug(
                    "{} messages of queue {} are handled one by one, since together they failed",
                    messages.size(),
                    subscription.queue(),
                    failure);
        }
        return failure == null;
    }

    private void handleAlone(ReadMessage message) {
        boolean again;
        do {
            Throwable failure = tryToHandle(List.of(message));
            again = failure != null && failed(message.delivery(), message.context(), failure);
        } while (again);
    }

    /**
     * @param messages all past the inbox, or none
     * @return null when they have had their effect, now or before, or are in their queue again
     */
    private @Nullable Throwable tryToHandle(List<ReadMessage> messages) {
        List<ReadMessage> open = messages.stream()
                .filter(message -> !stopping && message.delivery().isOpen())
                .toList();
        if (open.isEmpty()) {
            return null;
        }
        long start = System.nanoTime();
        int first;
        try {
            first = throughInbox(open);
        } catch (HandlerFailed e) {
            return e.getCause();
        } catch (RuntimeException | Error e) {
            return e;
        }
        for (int i = 0; i < first; i++) {
            meters.handled.record((System.nanoTime() - start) / first, TimeUnit.NANOSECONDS);
            handled.incrementAndGet();
        }
        meters.duplicates.increment((double) open.size() - first);
        Delivery.acknowledge(open.stream().map(ReadMessage::delivery).toList());
        return null;
    }

    /** @return how many the handler has run for */
    private int throughInbox(List<ReadMessage> messages) {
        if (isPastInbox(messages.get(0))) {
            inbox.handleUnnoted(() -> messages.forEach(this::callHandler));
            return messages.size();
        }
        Map<String, ReadMessage> byId = new LinkedHashMap<>();
        messages.forEach(message -> byId.putIfAbsent(message.context().messageId(), message));
        return inbox.handleOnce(subscription.queue(), byId.keySet(), id -> callHandler(byId.get(id)))
                .size();
    }

    private void callHandler(ReadMessage message) {
        LoggedTrace trace = LoggedTrace.of(message.delivery().traceId());
        try (trace) {
            subscription.handle(message.event(), message.context());
        } catch (Throwable e) {
            throw new HandlerFailed(e);
        }
    }

    private boolean isPastInbox(ReadMessage message) {
        return isPastInbox(message.context());
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
        if (kind.isOfTheDatabase() && !isOfItsOwn(delivery)) {
            return awaitDatabase(delivery, kind, failure);
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
            Failure noting = Failure.of(e, policy);
            if (noting.isOfTheDatabase() && !isOfItsOwn(delivery)) {
                return awaitDatabase(delivery, noting, e);
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
            int count = failures.get().count();
            retry(
                    delivery,
                    count,
                    failure,
                    kind.isOfTheDatabase()
                            ? policy.backoff().longest()
                            : policy.backoff().after(count));
        }
        return false;
    }

    /**
     * A database that takes the rows of other messages of this queue, but fails for one again and again, is neither away
     * nor held up: that is the message's failure. Each one that counts needs others that had their effect since the one
     * before. As long as none has, it is the database's.
     */
    private boolean isOfItsOwn(Delivery delivery) {
        long others = handled.get();
        return delivery.countOutage(others) > policy.attempts() && delivery.othersWereHandled(others);
    }

    /**
     * A message for which that does not help is set aside, so that others can show whether the fault is its own. A
     * database that is there may have taken long to say so: then once is enough.
     */
    private boolean awaitDatabase(Delivery delivery, Failure kind, Throwable outage) {
        if (delivery.outages() <= (kind == Failure.HELD_UP ? 1 : policy.attempts())) {
            return database.awaitDatabase(outage);
        }
        LOG.warn("Message {} of queue {} is held: {}", delivery, subscription.queue(), Quoted.error(outage));
        retry(delivery, policy.backoff().longest());
        return false;
    }

    private void retry(Delivery delivery, int failures, Throwable failure, Duration pause) {
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

    /** They are tried again later, each alone. */
    void hold(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> retry(delivery, policy.backoff().longest()));
    }

    private void retry(Delivery delivery, Duration pause) {
        retries.schedule(() -> handle(List.of(delivery)), pause.toMillis(), TimeUnit.MILLISECONDS);
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

    boolean isStopping() {
        return stopping;
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

    /**
     * A message that could be read.
     *
     * @param event as the subscribed method takes it
     */
    private record ReadMessage(Delivery delivery, Object event, MessageContext context) {}

    /** Carries what a subscribed method throws through a transaction. */
    private static final class HandlerFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        HandlerFailed(Throwable cause) {
            super(cause);
        }
    }
}
