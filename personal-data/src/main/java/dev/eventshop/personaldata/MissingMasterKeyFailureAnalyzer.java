package dev.eventshop.personaldata;

import dev.eventshop.personaldata.key.MissingMasterKeyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence which key is missing, in place of a stack trace. */
final class MissingMasterKeyFailureAnalyzer extends AbstractFailureAnalyzer<MissingMasterKeyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MissingMasterKeyException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
    }
}
