package dev.eventshop.command.currency;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence why the service does not start. */
final class CurrencyChangedFailureAnalyzer extends AbstractFailureAnalyzer<CurrencyChanged> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CurrencyChanged cause) {
        return new FailureAnalysis(cause.getMessage(), "Set eventshop.currency back, or use another database.", cause);
    }
}
