package dev.eventshop.messaging.publishing;

import dev.eventshop.messaging.TopologyMismatch;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence what the broker has another form of, in place of a stack trace. */
final class TopologyFailureAnalyzer extends AbstractFailureAnalyzer<TopologyMismatch> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, TopologyMismatch cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Delete it on the broker once it is empty, or set eventshop.messaging.queue-type or"
                        + " eventshop.messaging.exchange to what is there.",
                cause);
    }
}
