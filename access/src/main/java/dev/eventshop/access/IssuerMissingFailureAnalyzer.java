package dev.eventshop.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Made by Spring Boot, by its class name. */
final class IssuerMissingFailureAnalyzer extends AbstractFailureAnalyzer<IssuerMissing> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, IssuerMissing cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Set it to the URL of your OpenID provider, or jwk-set-uri to that of its keys, or both when the"
                        + " provider is reached at another URL than the one in its tokens.",
                cause);
    }
}
