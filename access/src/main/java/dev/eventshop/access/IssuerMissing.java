package dev.eventshop.access;

import java.io.Serial;

/** Nobody has said whose tokens to believe. */
final class IssuerMissing extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    IssuerMissing() {
        super("No issuer of tokens is configured: set spring.security.oauth2.resourceserver.jwt.issuer-uri.");
    }
}
