package dev.eventshop.standalone.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.eventshop.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** What a token of the issuer says, and tokens for those who may read its folder. */
public final class Tokens {

    /** How long a token is valid. */
    public static final Duration VALID = Duration.ofHours(1);

    static final String AUDIENCE = "eventshop";
    static final String ROLES = "roles";

    private Tokens() {}

    /** @return a token in its compact form */
    public static String issue(IssuerFolder issuer, Role role, String subject, Instant now) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer.url())
                .subject(subject)
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(VALID)))
                .jwtID(UUID.randomUUID().toString())
                .claim(ROLES, List.of(role.claim()))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(issuer.key().getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new RSASSASigner(issuer.key()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
