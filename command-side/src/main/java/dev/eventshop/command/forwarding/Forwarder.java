package dev.eventshop.command.forwarding;

import dev.eventshop.eventstore.Position;
import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.OutboundMessage;
import dev.eventshop.messaging.PublicationFailed;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes the public events of the store, in the store's order, and moves its position only over what the broker has
 * confirmed and routed. One instance of the service does it at a time, under a claim in the token store; another takes
 * over when that one is gone.
 *
 * <p>An event is published at least once: what was sent, and not written down before a crash or a failure, is sent again
 * with the same message id. While the broker or the database can't be reached it tries again with growing pauses, and
 * no command waits for it. An event that can't be read or converted stops it, visibly, since passing it by would lose
 * it.
 */
final class Forwarder implements SmartLifecycle {

    /** Name of the processor in the token store. */
    static final String NAME = "forwarder";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private static final int SEGMENT = 0;

    /** How soon an idle forwarder sees that it is to stop. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    /** Above the publisher's bound on waiting for confirms. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(15);

    private final StreamableMessageSource<TrackedEventMessage<?>> events;
    private final Function<TrackedEventMessage<?>, Optional<OutboundMessage>> outbound;
    private final ConfirmedPublisher publisher;
    private final TokenStore tokens;
    private final ForwarderProperties properties;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private volatile @Nullable Thread thread;
    private volatile ForwarderState state = ForwarderState.INITIAL;

    /** @param outbound makes the message of a public event; empty for an internal one */
    Forwarder(
            StreamableMessageSource<TrackedEventMessage<?>> events,
            Function<TrackedEventMessage<?>, Optional<OutboundMessage>> outbound,
            ConfirmedPublisher publisher,
            TokenStore tokens,
            ForwarderProperties properties,
            Clock clock) {
        this.events = events;
        this.outbound = outbound;
        this.publisher = publisher;
        this.tokens = tokens;
        this.properties = properties;
        this.clock = clock;
    }

    /** @return what this instance knows of its own work */
    ForwarderState state() {
        return state;
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (thread == null) {
                Thread started = new Thread(this::run, NAME);
                started.setDaemon(true);
                thread = started;
                started.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the batch that is under way is confirmed or given up, and the claim is given back. */
    @Override
    public void stop() {
        Thread stopped;
        lock.lock();
        try {
            stopped = thread;
            thread = null;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
        if (stopped != null) {
            try {
                stopped.join(STOP_BOUND.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Between the servers of requests, which stop before it, and the connections that it uses. */
    @Override
    public int getPhase() {
        return 0;
    }

    private boolean isStopped() {
        return Thread.currentThread() != thread;
    }

    private void run() {
        Duration pause = properties.firstRetry();
        while (!isStopped()) {
            try {
                forwardUnderClaim();
                return;
            } catch (UnableToClaimTokenException claimedByAnother) {
                state = state.standby();
                pauseFor(properties.claimInterval());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (PublicationFailed | RuntimeException | Error e) { // without this thread, nothing is forwarded
                pause = state.error() == null
                        ? properties.firstRetry()
                        : shorter(pause.multipliedBy(2), properties.longestRetry());
                failed(e, pause);
                pauseFor(pause);
            }
        }
    }

    /** Goes on until it is told to stop. */
    private void forwardUnderClaim() throws InterruptedException, PublicationFailed {
        TrackingToken token = claim();
        try (BlockingStream<TrackedEventMessage<?>> stream = events.openStream(token)) {
            long claimed = System.nanoTime();
            while (!isStopped()) {
                if (stream.hasNextAvailable((int) GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    Batch batch = nextBatch(stream);
                    forward(batch.candidates());
                    if (batch.failure() != null) {
                        throw batch.failure();
                    }
                    claimed = System.nanoTime();
                } else {
                    state = state.waiting();
                    if (System.nanoTime() - claimed > properties.claimInterval().toNanos()) {
                        tokens.extendClaim(NAME, SEGMENT);
                        claimed = System.nanoTime();
                    }
                }
            }
        } finally {
            giveClaimBack();
        }
    }

    private TrackingToken claim() {
        if (tokens.fetchSegments(NAME).length == 0) {
            tokens.initializeTokenSegments(NAME, 1, Position.START);
        }
        TrackingToken token = tokens.fetchToken(NAME, SEGMENT);
        return token == null ? Position.START : token;
    }

    private void giveClaimBack() {
        try {
            tokens.releaseClaim(NAME, SEGMENT);
        } catch (RuntimeException e) {
            LOG.debug("the forwarder's claim could not be given back, and will expire", e);
        }
    }

    /** Takes what is there; waits for nothing. What could be read before a failure goes first. */
    private Batch nextBatch(BlockingStream<TrackedEventMessage<?>> stream) throws InterruptedException {
        List<Candidate> batch = new ArrayList<>();
        try {
            do {
                TrackedEventMessage<?> event = stream.nextAvailable();
                batch.add(new Candidate(
                        event.trackingToken(), outbound.apply(event).orElse(null)));
            } while (batch.size() < properties.batchSize() && stream.hasNextAvailable(0, TimeUnit.MILLISECONDS));
            return new Batch(batch, null);
        } catch (RuntimeException e) {
            return new Batch(batch, e);
        }
    }

    private void forward(List<Candidate> batch) throws PublicationFailed {
        List<OutboundMessage> messages =
                batch.stream().flatMap(Candidate::messages).toList();
        if (!messages.isEmpty()) {
            try {
                publisher.publish(messages);
            } catch (PublicationFailed e) {
                writeDown(batch, e.confirmed());
                throw e;
            }
        }
        writeDown(batch, messages.size());
    }

    /** Moves the position over the first so many messages, and the internal events that follow them. */
    private void writeDown(List<Candidate> batch, int confirmed) {
        TrackingToken position = null;
        int passed = 0;
        for (Candidate candidate : batch) {
            if (candidate.message() != null && ++passed > confirmed) {
                break;
            }
            position = candidate.token();
        }
        if (position != null) {
            tokens.storeToken(position, NAME, SEGMENT);
            state = state.forwarded(confirmed, clock.instant());
        }
    }

    private void failed(Throwable failure, Duration pause) {
        if (state.error() == null) {
            LOG.warn(
                    "Events are not forwarded at the moment; they wait in the event store. Next try in {} ms.",
                    pause.toMillis(),
                    failure);
        } else {
            LOG.debug("still not forwarding; next try in {} ms", pause.toMillis(), failure);
        }
        state = state.failed(Reasons.of(failure));
    }

    private void pauseFor(Duration pause) {
        long remaining = pause.toNanos();
        lock.lock();
        try {
            while (remaining > 0 && !isStopped()) {
                remaining = stopping.awaitNanos(remaining);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** @param failure of the event behind the last candidate; null when there was none */
    private record Batch(
            List<Candidate> candidates, @Nullable RuntimeException failure) {}

    /** @param message null for an internal event */
    private record Candidate(TrackingToken token, @Nullable OutboundMessage message) {

        Stream<OutboundMessage> messages() {
            return Stream.ofNullable(message);
        }
    }
}
