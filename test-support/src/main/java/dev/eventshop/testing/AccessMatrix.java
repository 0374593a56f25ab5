package dev.eventshop.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls every route of a service as everybody: without a token, with each kind of bad one, with each role, and on what
 * belongs to the caller and to somebody else.
 */
public final class AccessMatrix {

    /** Subject of the customer's token. Whoever runs the matrix has to make them the owner of what they say is theirs. */
    public static final String CUSTOMER = "matrix-customer";

    private static final Set<String> ROLES = Set.of("customer", "staff", "operator");

    private final TestIssuer issuer = TestIssuer.shared();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Integer> exceptions = new TreeMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private int calls;

    /** @param base URL of the service, without a slash at the end */
    public AccessMatrix(String base) {
        this.base = base;
    }

    private record Entry(
            Set<String> roles,
            Supplier<String> path,
            @Nullable Supplier<String> foreignPath,
            Function<String, @Nullable String> body) {}

    /**
     * @param route as {@code GET /api/orders/{id}}
     * @param roles that may call it
     * @param path  of something that everybody of these roles may call it on, made for each call
     * @param body  JSON; null for none
     */
    public AccessMatrix route(String route, Set<String> roles, Supplier<String> path, @Nullable String body) {
        return route(route, roles, path, who -> body);
    }

    /** @param body by role; also asked for who has none */
    public AccessMatrix route(
            String route, Set<String> roles, Supplier<String> path, Function<String, @Nullable String> body) {
        entries.put(route, new Entry(roles, path, null, body));
        return this;
    }

    /** Adds the routes that describe the service, which every role may call. */
    public AccessMatrix documentation() {
        return route("GET /v3/api-docs", ROLES, () -> "/v3/api-docs", (String) null)
                .route("GET /v3/api-docs.yaml", ROLES, () -> "/v3/api-docs.yaml", (String) null)
                .route("GET /v3/api-docs/swagger-config", ROLES, () -> "/v3/api-docs/swagger-config", (String) null)
                .route("GET /swagger-ui", ROLES, () -> "/swagger-ui", (String) null);
    }

    /** Says that a role that may call the route gets something else than a success. */
    public AccessMatrix expecting(String route, String role, int status) {
        exceptions.put(route + " " + role, status);
        return this;
    }

    /**
     * @param own     path of something that is the customer's
     * @param foreign path of something that is somebody else's
     * @see #route
     */
    public AccessMatrix ownedRoute(
            String route, Set<String> roles, Supplier<String> own, Supplier<String> foreign, @Nullable String body) {
        entries.put(route, new Entry(roles, own, foreign, who -> body));
        return this;
    }

    /** @param routes all that the running service has */
    public AccessMatrix run(Set<String> routes) {
        Set<String> missing = new TreeSet<>(routes);
        missing.removeAll(entries.keySet());
        missing.forEach(route -> unexpected.add(route + " has no entry"));
        Set<String> gone = new TreeSet<>(entries.keySet());
        gone.removeAll(routes);
        gone.forEach(route -> unexpected.add(route + " does not exist"));
        Map<String, String> nobodies = nobodies();
        entries.forEach((route, entry) -> {
            String method = route.substring(0, route.indexOf(' '));
            nobodies.forEach((who, token) -> expect(
                    401,
                    route,
                    who,
                    call(method, entry.path().get(), token, entry.body().apply(who))));
            String powerless = issuer.token("nobody");
            expect(
                    403,
                    route,
                    "nothing",
                    call(method, entry.path().get(), powerless, entry.body().apply("nothing")));
            for (String role : new TreeSet<>(ROLES)) {
                String subject = role.equals("customer") ? CUSTOMER : "matrix-" + role;
                String token = issuer.token(subject, role);
                boolean allowed = entry.roles().contains(role);
                String body = entry.body().apply(role);
                int success = exceptions.getOrDefault(route + " " + role, 200);
                expect(
                        allowed ? success : 403,
                        route,
                        role,
                        call(method, entry.path().get(), token, body));
                if (entry.foreignPath() != null) {
                    int expected = !allowed ? 403 : role.equals("customer") ? 404 : 200;
                    expect(
                            expected,
                            route,
                            role + " on what is somebody else's",
                            call(method, entry.foreignPath().get(), token, body));
                }
            }
        });
        return this;
    }

    private Map<String, String> nobodies() {
        Instant now = Instant.now();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("nobody", "");
        tokens.put("somebody with nonsense", "nonsense");
        tokens.put("expired", issuer.token(t -> t.expirationTime(Date.from(now.minusSeconds(120))), "s", "operator"));
        tokens.put(
                "not yet valid", issuer.token(t -> t.notBeforeTime(Date.from(now.plusSeconds(120))), "s", "operator"));
        tokens.put("of another issuer", issuer.token(t -> t.issuer("https://other.example"), "s", "operator"));
        tokens.put("for another audience", issuer.token(t -> t.audience("other"), "s", "operator"));
        tokens.put("for no audience", issuer.token(t -> t.audience((String) null), "s", "operator"));
        tokens.put("unsigned", new PlainJWT(issuer.claims("s", "operator")).serialize());
        tokens.put("signed with the public key", signedWithThePublicKey());
        RSAKey unknown = TestIssuer.newKey();
        tokens.put("of an unknown key", TestIssuer.sign(issuer.claims("s", "operator"), unknown));
        tokens.put(
                "of a key that passes for another",
                TestIssuer.sign(
                        issuer.claims("s", "operator"),
                        new RSAKey.Builder(unknown)
                                .keyID(issuer.key().getKeyID())
                                .build()));
        return tokens;
    }

    private String signedWithThePublicKey() {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(issuer.key().getKeyID())
                            .build(),
                    issuer.claims("s", "operator"));
            token.sign(new MACSigner(issuer.key().toRSAPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> call(String method, String path, String token, @Nullable String json) {
        BodyPublisher body = json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).method(method, body);
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), AccessMatrix::wholeUnlessEndless);
        } catch (IOException e) {
            throw new IllegalStateException(route(method, path), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static BodySubscriber<String> wholeUnlessEndless(ResponseInfo answer) {
        boolean endless = answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
        return endless
                ? BodySubscribers.mapping(BodySubscribers.ofInputStream(), AccessMatrix::closed)
                : BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    private static String closed(InputStream body) {
        try {
            body.close();
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String route(String method, String path) {
        return method + " " + path;
    }

    /** Any success will do where one is expected. */
    private void expect(int status, String route, String who, HttpResponse<String> answer) {
        calls++;
        int actual = answer.statusCode() / 100 == 2 || answer.statusCode() == 302 ? 200 : answer.statusCode();
        if (actual != status) {
            unexpected.add(route + " as " + who + ": " + answer.statusCode() + " in place of " + status + ": "
                    + answer.body());
        }
    }

    /** @return what was answered otherwise than expected, and routes without an entry */
    public List<String> unexpected() {
        return unexpected;
    }

    /** @return how many requests were sent */
    public int calls() {
        return calls;
    }
}
