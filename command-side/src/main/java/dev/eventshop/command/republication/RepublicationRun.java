package dev.eventshop.command.republication;

import dev.eventshop.command.forwarding.Reasons;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.EventPage;
import dev.eventshop.eventstore.Position;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.OutboundMessage;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.QueueLookup;
import dev.eventshop.web.DatabaseFailures;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.dao.DataAccessException;

/**
 * One instance's work on one republication. Reads, publishes and writes down, batch after batch, in no transaction that
 * waits for the broker. What was sent and not written down, before a crash or when the lease is lost, is sent again with
 * the same message id by whoever goes on.
 *
 * <p>While the broker or the database can't be reached it waits. It fails for good when the queue is gone, and when an
 * event can't be made a message of.
 */
final class RepublicationRun {

    private static final Logger LOG = LoggerFactory.getLogger(RepublicationRun.class);

    /** Batches of a throttled one are so small that there are several in a second. */
    private static final int STEPS_PER_SECOND = 5;

    /** What runs have in common. */
    record Parts(
            Republications republications,
            EventLog events,
            StoredEventMessages messages,
            Function<TrackedEventMessage<?>, Optional<OutboundMessage>> outbound,
            ConfirmedPublisher publisher,
            QueueLookup queues,
            Counter sent,
            String carrier,
            RepublicationProperties properties) {}

    private final Parts parts;
    private final long id;
    private final RepublicationOrder order;
    private final Backoff backoff;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private long processed;
    private Position reached;
    private int failures;
    private long due = System.nanoTime();

    /** @param republication that the carrier has got the lease of since it was read */
    RepublicationRun(Parts parts, Republication republication) {
        this.parts = parts;
        this.id = republication.id();
        this.order = republication.order();
        this.processed = republication.processed();
        this.reached = republication.reached();
        this.backoff =
                new Backoff(parts.properties().firstRetry(), parts.properties().longestRetry());
    }

    /** Lets {@link #run} return after the batch that is under way. */
    void stop() {
        stopping.countDown();
    }

    void run() {
        try {
            if (isSent() && parts.republications().complete(id, parts.carrier())) {
                LOG.info("Republication {} to {} is complete: {} events.", id, order.queue(), processed);
            }
        } catch (LeaseLost lost) {
            LOG.info("Republication {} to {} has ended, or goes on elsewhere.", id, order.queue());
        } catch (DataAccessException e) {
            LOG.warn("Republication {} to {} goes on when its lease is over: {}", id, order.queue(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    /** @return false when it was stopped, or has failed */
    private boolean isSent() throws InterruptedException {
        while (order.upTo().isAfter(reached)) {
            if (isStopped(pause())) {
                return false;
            }
            try {
                send(parts.events().readPage(reached, order.upTo(), order.filter(), batchSize()));
                failures = 0;
            } catch (PublicationFailed e) {
                if (isQueueGone()) {
                    fail("The queue does not exist any more.");
                    return false;
                }
                waitAfter(e);
            } catch (DataAccessException e) {
                if (!DatabaseFailures.isUnavailable(e)) {
                    fail(Reasons.of(e));
                    return false;
                }
                waitAfter(e);
            } catch (LeaseLost lost) {
                throw lost;
            } catch (RuntimeException e) {
                LOG.error("Republication {} to {} failed behind {}", id, order.queue(), reached, e);
                fail("An event behind " + reached + " can't be sent: " + Reasons.of(e));
                return false;
            }
        }
        return true;
    }

    private int batchSize() {
        Integer rate = order.ratePerSecond();
        int most = parts.properties().batchSize();
        return rate == null ? most : Math.min(most, Math.max(1, rate / STEPS_PER_SECOND));
    }

    private long pause() {
        return failures > 0 ? backoff.after(failures).toNanos() : Math.max(0, due - System.nanoTime());
    }

    private boolean isStopped(long afterNanos) throws InterruptedException {
        return stopping.await(afterNanos, TimeUnit.NANOSECONDS);
    }

    private void send(EventPage page) throws PublicationFailed {
        due = System.nanoTime();
        List<Candidate> candidates = parts.messages()
                .messages(page.events())
                .flatMap(event -> parts
                        .outbound()
                        .apply(event)
                        .map(message ->
                                new Candidate((Position) event.trackingToken(), message.asReplayFor(order.queue())))
                        .stream())
                .toList();
        try {
            parts.publisher()
                    .publish(candidates.stream().map(Candidate::message).toList());
        } catch (PublicationFailed e) {
            if (e.confirmed() > 0) {
                advance(candidates.get(e.confirmed() - 1).position(), e.confirmed());
            }
            throw e;
        }
        advance(page.end(), candidates.size());
        Integer rate = order.ratePerSecond();
        if (rate != null) {
            due += candidates.size() * TimeUnit.SECONDS.toNanos(1) / rate;
        }
        writeDown(null);
    }

    private void advance(Position position, int confirmed) {
        reached = position;
        processed += confirmed;
        parts.sent().increment(confirmed);
    }

    private void writeDown(@Nullable String error) {
        Duration lease = parts.properties().lease();
        if (!parts.republications().confirmed(progress(error), parts.carrier(), lease)) {
            throw new LeaseLost();
        }
    }

    private Republication progress(@Nullable String error) {
        return new Republication(id, order, RepublicationState.RUNNING, 0, processed, reached, error);
    }

    private boolean isQueueGone() {
        try {
            return !parts.queues().exists(order.queue());
        } catch (AmqpException e) {
            LOG.debug("queue {} can't be asked for", order.queue(), e);
            return false;
        }
    }

    private void waitAfter(Exception failure) {
        if (failures++ == 0) {
            LOG.warn("Republication {} to {} waits: {}", id, order.queue(), Reasons.of(failure));
        }
        try {
            writeDown(Reasons.of(failure));
        } catch (DataAccessException e) {
            LOG.debug("it can't be written down why republication {} waits", id, e);
        }
    }

    private void fail(String error) {
        LOG.warn("Republication {} to {} failed: {}", id, order.queue(), error);
        parts.republications().fail(id, parts.carrier(), error);
    }

    private void release() {
        try {
            parts.republications().release(id, parts.carrier());
        } catch (DataAccessException e) {
            LOG.debug("the lease of republication {} will expire", id, e);
        }
    }

    private record Candidate(Position position, OutboundMessage message) {}

    /** Somebody else carries it out, or nobody has to any more. */
    private static final class LeaseLost extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LeaseLost() {
            super(null, null, false, false);
        }
    }
}
