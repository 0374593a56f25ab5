package dev.eventshop.standalone.client;

import dev.eventshop.standalone.data.Endpoints;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** Gets tokens for the operator's program, and keeps each as long as it is valid. */
final class OperatorTokens implements Supplier<String> {

    /** Well before the services refuse it. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Endpoints endpoints;
    private final Http http;
    private String token = "";
    private long validUntil;

    OperatorTokens(Endpoints endpoints, Duration timeout) {
        this.endpoints = endpoints;
        this.http = new Http(timeout, () -> "");
    }

    /** @throws UnexpectedAnswer when the issuer gives none, or no such program is known */
    @Override
    public synchronized String get() {
        if (token.isEmpty() || System.nanoTime() - validUntil > 0) {
            fetch();
        }
        return token;
    }

    private void fetch() {
        String url = Optional.ofNullable(endpoints.tokenEndpoint())
                .orElseThrow(
                        () -> new UnexpectedAnswer("no operator's program is known at the issuer " + endpoints.issuer()
                                + ": eventshop.operator.token-uri, .client-id and .client-secret name one"));
        String basic = encoded(endpoints.operatorClientId()) + ":" + encoded(endpoints.operatorClientSecret());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"));
        Answer answer = http.send("POST " + url, request).successful("POST " + url);
        Duration valid = Duration.ofSeconds(answer.json().path("expires_in").asLong(0));
        token = answer.json().path("access_token").asString("");
        validUntil = System.nanoTime() + valid.minus(MARGIN).toNanos();
    }

    /** As RFC 6749, 2.3.1 wants the parts of the header. */
    private static String encoded(String text) {
        return URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8);
    }
}
