package dev.eventshop.command.dispatch;

import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.messaging.LoggedTrace;
import dev.eventshop.messaging.TraceParent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Sends commands, each in a transaction of its own, and answers when that is committed.
 *
 * <p>A command that loses a race for its aggregate, in this instance or against another one, is tried again from the
 * start with growing, jittered pauses, as long as {@link CommandProperties#retryFor()} allows; then it fails with
 * {@link TooContended}. Nothing else is tried again. So a caller sees a lost race never as a refusal.
 */
public final class Commands {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private final CommandBus bus;
    private final Executor executor;
    private final RetryTemplate retries;
    private final Duration bound;
    private final MeterRegistry meters;

    /** @param executor runs commands that are sent from within a transaction, apart from it */
    public Commands(CommandBus bus, Executor executor, CommandProperties properties, MeterRegistry meters) {
        this.bus = bus;
        this.meters = meters;
        this.executor = executor;
        this.bound = properties.retryFor().plus(properties.lockWait()).plusSeconds(5);
        this.retries = new RetryTemplate(RetryPolicy.builder()
                .predicate(Commands::isLostRace)
                .maxRetries(Long.MAX_VALUE)
                .timeout(properties.retryFor())
                .delay(FIRST_PAUSE)
                .jitter(FIRST_PAUSE)
                .multiplier(2)
                .maxDelay(LONGEST_PAUSE)
                .build());
    }

    /**
     * From within a unit of work, as a processor's, the command runs on another thread in a transaction of its own, and is
     * awaited.
     *
     * @return what became of the command, after its commit
     * @throws CommandRefused when the state of the aggregate does not allow the command
     * @throws org.axonframework.modelling.command.AggregateNotFoundException when there is no such aggregate
     * @throws TooContended when the command lost races until its time was up
     */
    public Outcome send(Object command, Cause cause) {
        return send(command, cause, Expected.ANYTHING);
    }

    /**
     * @param expected of the aggregate
     * @throws NotOwned        when the aggregate exists, and belongs to somebody else
     * @throws VersionMismatch when the aggregate exists, at another version
     * @see #send(Object, Cause)
     */
    public Outcome send(Object command, Cause cause, Expected expected) {
        return send(command, cause, expected, outcome -> {});
    }

    /**
     * @param beforeCommit is told what became of the command while its transaction is open, and may write in it; at each
     *     attempt that succeeds so far. What it throws rolls the transaction back, and is thrown here
     * @see #send(Object, Cause, Expected)
     */
    public Outcome send(Object command, Cause cause, Expected expected, Consumer<Outcome> beforeCommit) {
        CommandMessage<?> message =
                GenericCommandMessage.asCommandMessage(command).andMetaData(cause.asMetaData());
        return CurrentUnitOfWork.isStarted()
                ? apart(message, expected, beforeCommit)
                : untilNotLost(message, expected, beforeCommit);
    }

    private Outcome apart(CommandMessage<?> command, Expected expected, Consumer<Outcome> beforeCommit) {
        FutureTask<Outcome> task = new FutureTask<>(() -> untilNotLost(command, expected, beforeCommit));
        executor.execute(task);
        try {
            return task.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw asUnchecked(Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new TooContended(e);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new TooContended(e);
        }
    }

    private Outcome untilNotLost(CommandMessage<?> command, Expected expected, Consumer<Outcome> beforeCommit) {
        Timer.Sample sample = Timer.start(meters);
        String result = "failed";
        Object traceParent = command.getMetaData().get(EventMetadata.TRACE_PARENT);
        LoggedTrace trace = LoggedTrace.of(TraceParent.traceId(traceParent));
        try (trace) {
            Outcome outcome = retried(command, expected, beforeCommit);
            result = "done";
            return outcome;
        } catch (CommandRefused refused) {
            result = "refused";
            throw refused;
        } finally {
            sample.stop(meters.timer("eventshop.commands", "command", nameOf(command), "result", result));
        }
    }

    private Outcome retried(CommandMessage<?> command, Expected expected, Consumer<Outcome> beforeCommit) {
        AtomicInteger attempts = new AtomicInteger();
        try {
            return Objects.requireNonNull(retries.execute(() -> {
                if (attempts.getAndIncrement() > 0) {
                    meters.counter("eventshop.commands.retries", "command", nameOf(command))
                            .increment();
                }
                return once(command, expected, beforeCommit);
            }));
        } catch (RetryException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            if (isLostRace(cause) || cause instanceof LockAcquisitionFailedException) {
                throw new TooContended(cause);
            }
            throw asUnchecked(cause);
        }
    }

    private Outcome once(CommandMessage<?> command, Expected expected, Consumer<Outcome> beforeCommit) {
        Attempt attempt = new Attempt(expected, beforeCommit);
        AtomicReference<CommandResultMessage<?>> answer = new AtomicReference<>();
        bus.dispatch(attempt.addTo(command), (message, result) -> answer.set(result));
        CommandResultMessage<?> result = answer.get(); // the bus calls back on this thread, before it returns
        if (result.isExceptional()) {
            throw asUnchecked(result.exceptionResult());
        }
        return attempt.outcome(result.getPayload());
    }

    private static String nameOf(CommandMessage<?> command) {
        return command.getPayloadType().getSimpleName();
    }

    /** A failed creation is none: the id is taken for good. */
    private static boolean isLostRace(Throwable failure) {
        return failure instanceof ConcurrencyException
                || failure instanceof StaleAggregate
                || failure instanceof PessimisticLockingFailureException; // chosen by PostgreSQL to end a deadlock
    }

    private static RuntimeException asUnchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }
}
