package dev.eventshop.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens that services can be told to believe. All tests of a JVM may share {@link #shared()}. */
public final class TestIssuer implements AutoCloseable {

    private static final Duration VALID = Duration.ofHours(1);

    private static final class Shared {
        static final TestIssuer INSTANCE = start();
    }

    private final RSAKey key;
    private final HttpServer server;

    private TestIssuer(RSAKey key, HttpServer server) {
        this.key = key;
        this.server = server;
    }

    /** Runs until the JVM ends. */
    public static TestIssuer shared() {
        return Shared.INSTANCE;
    }

    public static TestIssuer start() {
        return start(newKey(), 0);
    }

    /** @return the same issuer again, by the same name and with the same key, when this one is closed */
    public TestIssuer startAgain() {
        return start(key, server.getAddress().getPort());
    }

    private static TestIssuer start(RSAKey key, int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            TestIssuer issuer = new TestIssuer(key, server);
            issuer.publish("/keys", new JWKSet(key.toPublicJWK()).toString());
            issuer.publish(
                    "/.well-known/openid-configuration",
                    "{\"issuer\": \"%1$s\", \"jwks_uri\": \"%1$s/keys\"}".formatted(issuer.url()));
            server.start();
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void publish(String path, String json) {
        byte[] document = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, document.length);
            exchange.getResponseBody().write(document);
            exchange.close();
        });
    }

    /** @return a key that no issuer has published */
    public static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the name that stands in its tokens, and where its keys are */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @return the key that it signs with */
    public RSAKey key() {
        return key;
    }

    /** @return {@code spring.security.oauth2.resourceserver.jwt.*} */
    public Map<String, String> springProperties() {
        return Map.of(
                "spring.security.oauth2.resourceserver.jwt.issuer-uri",
                url(),
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
                url() + "/keys");
    }

    /** @return a token that is valid for an hour */
    public String token(String subject, String... roles) {
        return sign(claims(subject, roles), key);
    }

    /** @return a token that is valid but for what is changed in its claims */
    public String token(Consumer<JWTClaimsSet.Builder> change, String subject, String... roles) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder(claims(subject, roles));
        change.accept(claims);
        return sign(claims.build(), key);
    }

    /** @return a token whose header names that type, or none */
    public String tokenOfType(@Nullable String type, String subject, String... roles) {
        return sign(claims(subject, roles), key, type);
    }

    /** @return what a valid token says */
    public JWTClaimsSet claims(String subject, String... roles) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .subject(subject)
                .audience("eventshop")
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(VALID)))
                .claim("roles", List.of(roles))
                .build();
    }

    /** @return the token in its compact form */
    public static String sign(JWTClaimsSet claims, RSAKey key) {
        return sign(claims, key, null);
    }

    private static String sign(JWTClaimsSet claims, RSAKey key, @Nullable String type) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .type(type == null ? null : new JOSEObjectType(type))
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the keys away, as an issuer that is down does. */
    @Override
    public void close() {
        server.stop(0);
    }
}
