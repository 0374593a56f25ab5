package dev.eventshop.messaging.publishing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence which user the broker must not be used as, in place of a stack trace. */
final class GuestOutsideFailureAnalyzer extends AbstractFailureAnalyzer<GuestOutside> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, GuestOutside cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Make a user of your own at the broker, and name it with spring.rabbitmq.username and"
                        + " spring.rabbitmq.password.",
                cause);
    }
}
