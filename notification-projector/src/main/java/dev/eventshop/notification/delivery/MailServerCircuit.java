package dev.eventshop.notification.delivery;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.notification.delivery.ledger.WakeUp;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps all workers of this process from a mail server that does not work: nothing is claimed while it is open, and emails
 * stay as they are. After a pause, which grows each time, one worker tries with one email, or with a connection when none
 * is due.
 */
@Component
public final class MailServerCircuit {

    private static final Logger LOG = LoggerFactory.getLogger(MailServerCircuit.class);
    private static final int FAILING_PERCENT = 50;

    private final CircuitBreaker breaker;
    private final Counter failures;
    private volatile @Nullable String cause;

    MailServerCircuit(DeliveryProperties properties, WakeUp wakeUp, MeterRegistry meters) {
        Backoff pauses = new Backoff(properties.firstReconnect(), properties.longestReconnect());
        breaker = CircuitBreaker.of(
                "mail",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(properties.circuitWindow())
                        .minimumNumberOfCalls((properties.circuitWindow() + 1) / 2)
                        .failureRateThreshold(FAILING_PERCENT)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(
                                opened -> pauses.after(opened).toMillis())
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN -> LOG.warn("Emails are delayed, tried again with growing pauses. {}", cause);
                case HALF_OPEN_TO_CLOSED -> {
                    LOG.info("The mail server is back.");
                    wakeUp.now();
                }
                default -> {} // still away
            }
        });
        for (State state : new State[] {State.CLOSED, State.OPEN, State.HALF_OPEN}) {
            Gauge.builder("eventshop.notifications.circuit", breaker, b -> b.getState() == state ? 1 : 0)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .description("Whether the circuit to the mail server is in that state")
                    .register(meters);
        }
        failures = Counter.builder("eventshop.notifications.circuit.failures")
                .description("Failures of the mail server, apart from what it says to single emails")
                .register(meters);
    }

    /** @return {@code CLOSED} when emails are sent, {@code OPEN} in a pause, {@code HALF_OPEN} while one worker tries */
    public String state() {
        return breaker.getState().name();
    }

    /** @return whether emails are sent as they are due */
    public boolean isClosed() {
        return breaker.getState() == State.CLOSED;
    }

    /** @return what the mail server failed with last, null when it has worked since */
    public @Nullable String cause() {
        return cause;
    }

    /** @return leave to talk to the mail server about one email; empty when it is to be left alone */
    Optional<Permit> permit() {
        return breaker.tryAcquirePermission() ? Optional.of(new Permit(breaker.getState())) : Optional.empty();
    }

    /**
     * Used by one thread. What was begun before the circuit opened tells nothing about the tries since then, and does not
     * count.
     */
    final class Permit implements AutoCloseable {

        private final State given;
        private boolean used;

        private Permit(State given) {
            this.given = given;
        }

        /** @return whether it is to find out if the mail server works again; nobody else may talk to it meanwhile */
        boolean isProbe() {
            return given == State.HALF_OPEN;
        }

        void succeeded() {
            if (use()) {
                cause = null;
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
        }

        /** @param why in words of ours */
        void failed(String why) {
            failures.increment();
            if (use()) {
                cause = why;
                breaker.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException(why));
            }
        }

        private boolean use() {
            used = true;
            return given == breaker.getState();
        }

        /** Leaves it to others when it was not used. */
        @Override
        public void close() {
            if (!used && isProbe()) {
                used = true;
                breaker.releasePermission();
            }
        }
    }
}
