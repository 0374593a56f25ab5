package dev.eventshop.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.eventshop.testing.TestIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class AccessOverHttpTest {

    private static final TestIssuer ISSUER = TestIssuer.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = start(ISSUER.springProperties(), "eventshop.access.customer-writes-per-second=20");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static ConfigurableApplicationContext start(Map<String, String> issuer, String... more) {
        Map<String, Object> properties = new HashMap<>(issuer);
        for (String property : more) {
            properties.put(property.split("=")[0], property.split("=")[1]);
        }
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        return new SpringApplicationBuilder(TestApplication.class)
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static HttpRequest.Builder request(String path, String token) {
        return request(application, "local.server.port", path, token);
    }

    private static HttpRequest.Builder request(
            ConfigurableApplicationContext context, String port, String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port) + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        return send(request(path, token));
    }

    private static HttpResponse<String> post(String path, String body, String token) throws Exception {
        return send(
                request(path, token).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"").doesNotContain("Exception");
    }

    @Nested
    class AToken {

        private void assertRefused(String token) throws Exception {
            HttpResponse<String> answer = get("/thing", token);
            assertProblem(answer, 401, "UNAUTHENTICATED");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
        }

        @Test
        void isNeeded() throws Exception {
            HttpResponse<String> answer = get("/thing", "");
            assertProblem(answer, 401, "UNAUTHENTICATED");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }

        @Test
        void isNeededEvenToLearnThatThereIsNothing() throws Exception {
            assertProblem(get("/nothing", ""), 401, "UNAUTHENTICATED");
            assertProblem(get("/nothing", ISSUER.token("s", "staff")), 404, "NOT_FOUND");
        }

        @Test
        void tellsWhoTheCallerIs() throws Exception {
            HttpResponse<String> answer = get("/thing", ISSUER.token("ada", "customer", "gardener"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"subject\":\"ada\"", "\"roles\":[\"customer\"]", "\"issuer\":\"" + ISSUER.url());
        }

        @Test
        void ofTheWrongFormIsRefused() throws Exception {
            assertRefused("abc");
            assertProblem(send(request("/thing", "").header("Authorization", "Basic YTpi")), 401, "UNAUTHENTICATED");
        }

        @Test
        void inTheAddressIsNone() throws Exception {
            assertProblem(get("/thing?access_token=" + ISSUER.token("s", "staff"), ""), 401, "UNAUTHENTICATED");
        }

        @Test
        void thatIsExpiredIsRefused() throws Exception {
            assertRefused(ISSUER.token(
                    claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(120))), "s", "staff"));
        }

        @Test
        void thatNeverExpiresIsRefused() throws Exception {
            assertRefused(ISSUER.token(claims -> claims.expirationTime(null), "s", "staff"));
        }

        @Test
        void thatIsNotYetValidIsRefused() throws Exception {
            assertRefused(ISSUER.token(
                    claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(120))), "s", "staff"));
        }

        @Test
        void ofAnotherIssuerIsRefused() throws Exception {
            assertRefused(ISSUER.token(claims -> claims.issuer("https://other.example"), "s", "staff"));
            assertRefused(ISSUER.token(claims -> claims.issuer(null), "s", "staff"));
        }

        @Test
        void forAnotherAudienceIsRefused() throws Exception {
            assertRefused(ISSUER.token(claims -> claims.audience("bookshop"), "s", "staff"));
            assertRefused(ISSUER.token(claims -> claims.audience((String) null), "s", "staff"));
        }

        @Test
        void ofNobodyIsRefused() throws Exception {
            assertRefused(ISSUER.token(claims -> claims.subject(null), "s", "staff"));
        }

        @ParameterizedTest
        @ValueSource(strings = {" ", "a\u0000b"})
        void ofANameThatCantBeStoredIsRefused(String subject) throws Exception {
            assertRefused(ISSUER.token(claims -> claims.subject(subject), "s", "staff"));
        }

        @Test
        void ofANumberIsNotThatOfItsDigits() throws Exception {
            assertThat(get("/thing", ISSUER.token("17", "staff")).statusCode()).isEqualTo(200);
            assertRefused(ISSUER.token(claims -> claims.claim("sub", 17), "s", "staff"));
        }

        @Test
        void besideAnotherIsRefused() throws Exception {
            HttpRequest.Builder both = request("/thing", ISSUER.token("s", "staff"))
                    .header("Authorization", "Bearer " + ISSUER.token("s", "operator"));
            assertProblem(send(both), 401, "UNAUTHENTICATED");
        }

        @Test
        void ofANameWithoutEndIsRefused() throws Exception {
            assertRefused(ISSUER.token(claims -> claims.subject("x".repeat(1_001)), "s", "staff"));
        }

        @ParameterizedTest
        @CsvSource({"at+jwt, 200", "JWT, 200", ", 200", "dpop+jwt, 401"})
        void saysItsTypeAsIssuersDo(@Nullable String type, int status) throws Exception {
            assertThat(get("/thing", ISSUER.tokenOfType(type, "s", "staff")).statusCode())
                    .isEqualTo(status);
        }

        @Test
        void withoutASignatureIsRefused() throws Exception {
            assertRefused(new PlainJWT(ISSUER.claims("s", "staff")).serialize());
        }

        @Test
        void signedWithThePublicKeyAsASecretIsRefused() throws Exception {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(ISSUER.key().getKeyID())
                            .build(),
                    ISSUER.claims("s", "staff"));
            token.sign(new MACSigner(ISSUER.key().toRSAPublicKey().getEncoded()));
            assertRefused(token.serialize());
        }

        @Test
        void ofAnUnknownKeyIsRefused() throws Exception {
            RSAKey unknown = TestIssuer.newKey();
            assertRefused(TestIssuer.sign(ISSUER.claims("s", "staff"), unknown));
            RSAKey impostor =
                    new RSAKey.Builder(unknown).keyID(ISSUER.key().getKeyID()).build();
            assertRefused(TestIssuer.sign(ISSUER.claims("s", "staff"), impostor));
        }
    }

    @Nested
    class ARole {

        @Test
        void letsItsHolderThrough() throws Exception {
            assertThat(post("/thing", "{\"name\":\"pot\"}", ISSUER.token("s", "staff"))
                            .body())
                    .isEqualTo("[\"pot\"]");
        }

        @Test
        void ofOperatorsIncludesStaffs() throws Exception {
            assertThat(post("/thing", "{}", ISSUER.token("s", "operator")).statusCode())
                    .isEqualTo(200);
            assertThat(get("/admin", ISSUER.token("s", "operator")).statusCode())
                    .isEqualTo(200);
            assertProblem(get("/admin", ISSUER.token("s", "staff")), 403, "FORBIDDEN");
        }

        @Test
        void thatIsMissingIsToldBeforeTheBodyIsRead() throws Exception {
            assertProblem(post("/thing", "no json", ISSUER.token("s", "customer")), 403, "FORBIDDEN");
            assertProblem(post("/thing", "no json", ISSUER.token("s", "staff")), 400, "MALFORMED_JSON");
        }

        @Test
        void thatIsMissingIsToldOfABodyThatIsTooLargeToo() throws Exception {
            String large = "\"" + "x".repeat(2_000_000) + "\"";
            assertProblem(post("/thing", large, ""), 401, "UNAUTHENTICATED");
            assertProblem(post("/thing", large, ISSUER.token("s", "customer")), 403, "FORBIDDEN");
            assertProblem(post("/thing", large, ISSUER.token("s", "staff")), 413, "BODY_TOO_LARGE");
        }

        @Test
        void isNeededForWhatAnEndpointDoesAsWell() throws Exception {
            assertProblem(get("/careless", ISSUER.token("s", "customer")), 403, "FORBIDDEN");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/forgotten", "/internal"})
        void opensNothingThatNothingIsSaidOf(String path) throws Exception {
            assertProblem(get(path, ISSUER.token("s", "customer", "staff", "operator")), 403, "FORBIDDEN");
        }

        @Test
        void byAnotherNameIsNone() throws Exception {
            assertProblem(get("/thing", ISSUER.token("s", "STAFF", "ROLE_STAFF")), 403, "FORBIDDEN");
            assertProblem(get("/thing", ISSUER.token("s")), 403, "FORBIDDEN");
            assertProblem(get("/thing", ISSUER.token(claims -> claims.claim("roles", "staff"), "s")), 403, "FORBIDDEN");
        }
    }

    @Nested
    class TheIssuer {

        @Test
        void hasToBeConfigured() {
            assertThatThrownBy(() -> start(Map.of()).close()).rootCause().isInstanceOf(IssuerMissing.class);
        }

        @Test
        void mayBeAwayOnceItsKeysAreKnown() throws Exception {
            TestIssuer mortal = TestIssuer.start();
            try (ConfigurableApplicationContext context = start(mortal.springProperties())) {
                String token = mortal.token("s", "staff");
                String unknown = TestIssuer.sign(mortal.claims("s", "staff"), TestIssuer.newKey());
                assertThat(send(request(context, "local.server.port", "/thing", token))
                                .statusCode())
                        .isEqualTo(200);
                mortal.close();
                assertProblem(send(request(context, "local.server.port", "/thing", unknown)), 401, "UNAUTHENTICATED");
                assertThat(send(request(context, "local.server.port", "/thing", token))
                                .statusCode())
                        .isEqualTo(200);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"issuer-uri", "jwk-set-uri", ""})
        void thatWasNeverReachedIsAReasonToTryAgain(String only) throws Exception {
            TestIssuer mortal = TestIssuer.start();
            Map<String, String> properties = new HashMap<>(mortal.springProperties());
            properties.keySet().removeIf(name -> !name.endsWith(only));
            String token = mortal.token("s", "staff");
            mortal.close();
            try (ConfigurableApplicationContext context = start(properties)) {
                HttpResponse<String> answer = send(request(context, "local.server.port", "/thing", token));
                assertProblem(answer, 503, "ISSUER_UNAVAILABLE");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                try (TestIssuer back = mortal.startAgain()) {
                    assertThat(send(request(context, "local.server.port", "/thing", token))
                                    .statusCode())
                            .as(back.url())
                            .isEqualTo(200);
                }
            }
        }
    }

    @Nested
    class TheSurface {

        @Test
        void showsHealthAndMetricsToWhoeverReachesTheManagementPort() throws Exception {
            assertThat(send(request(application, "local.management.port", "/actuator/health", ""))
                            .statusCode())
                    .isEqualTo(200);
        }

        @Test
        void showsHealthAlsoToWhoeverComesWithATokenThatIsTooOld() throws Exception {
            assertThat(send(request(application, "local.management.port", "/actuator/health", "no token"))
                            .statusCode())
                    .isEqualTo(200);
        }

        @Test
        void hidesTheRestOfTheManagementPort() throws Exception {
            assertThat(send(request(application, "local.management.port", "/actuator/env", ""))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(send(request(application, "local.management.port", "/thing", ""))
                            .statusCode())
                    .isEqualTo(401);
        }

        @Test
        void showsTheDocumentationToEveryRole() throws Exception {
            assertProblem(get("/v3/api-docs", ""), 401, "UNAUTHENTICATED");
            assertProblem(get("/v3/api-docs", ISSUER.token("s")), 403, "FORBIDDEN");
            assertThat(get("/v3/api-docs", ISSUER.token("s", "customer")).statusCode())
                    .isEqualTo(200);
            assertThat(get("/swagger-ui/index.html", ISSUER.token("s", "customer"))
                            .statusCode())
                    .isEqualTo(200);
        }

        @Test
        void saysWhatBrowsersMayDoWithIt() throws Exception {
            HttpResponse<String> answer = get("/thing", ISSUER.token("s", "staff"));
            assertThat(answer.headers().map())
                    .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                    .containsEntry("X-Frame-Options", List.of("DENY"))
                    .containsEntry("Referrer-Policy", List.of("no-referrer"))
                    .containsEntry("Content-Security-Policy", List.of("default-src 'none'; frame-ancestors 'none'"))
                    .containsEntry("Cache-Control", List.of("no-cache"))
                    .doesNotContainKeys("Set-Cookie", "Access-Control-Allow-Origin");
        }

        @Test
        void isForNoPageOfAnotherOriginUnlessConfigured() throws Exception {
            HttpRequest.Builder preflight = request("/thing", "")
                    .header("Access-Control-Request-Method", "POST")
                    .method("OPTIONS", BodyPublishers.noBody());
            assertThat(send(preflight).headers().map()).doesNotContainKey("Access-Control-Allow-Origin");
            try (ConfigurableApplicationContext context =
                    start(ISSUER.springProperties(), "eventshop.access.cors-allowed-origins=http://localhost:8082")) {
                HttpRequest.Builder good = request(context, "local.server.port", "/thing", ISSUER.token("s", "staff"))
                        .header("Origin", "http://localhost:8082");
                assertThat(send(good).headers().map())
                        .containsEntry("Access-Control-Allow-Origin", List.of("http://localhost:8082"))
                        .containsEntry(
                                "Access-Control-Expose-Headers",
                                List.of("ETag, Event-Position, Location, Retry-After"));
                HttpRequest.Builder bad = request(context, "local.server.port", "/thing", ISSUER.token("s", "staff"))
                        .header("Origin", "http://evil.example");
                assertProblem(send(bad), 403, "ORIGIN_REFUSED");
            }
        }

        @Test
        void refusesWhatTheFirewallDoesAsAProblem() throws Exception {
            assertProblem(get("/thing/%2e%2e/admin", ISSUER.token("s", "staff")), 400, "MALFORMED_REQUEST");
        }
    }

    @Nested
    class TooManyWrites {

        @Test
        void ofACustomerAreRefusedAndOthersAreNot() throws Exception {
            String token = ISSUER.token("busy", "customer");
            List<Integer> statuses = IntStream.range(0, 60)
                    .mapToObj(i -> HTTP.sendAsync(
                            request("/own-thing", token)
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString()))
                    .toList()
                    .stream()
                    .map(answer -> answer.join())
                    .peek(answer -> {
                        if (answer.statusCode() == 429) {
                            assertProblem(answer, 429, "TOO_MANY_REQUESTS");
                            assertThat(answer.headers().firstValue("Retry-After"))
                                    .contains("1");
                        }
                    })
                    .map(HttpResponse::statusCode)
                    .toList();
            assertThat(statuses).contains(429).containsOnly(200, 429);
            assertThat(statuses.stream().filter(status -> Objects.equals(status, 200)))
                    .hasSizeGreaterThanOrEqualTo(20);
            assertThat(get("/thing", token).statusCode()).isEqualTo(200);
            assertThat(post("/own-thing", "", ISSUER.token("quiet", "customer")).statusCode())
                    .isEqualTo(200);
        }

        @Test
        void areNoneOfStaff() throws Exception {
            String token = ISSUER.token("importer", "staff", "customer");
            for (int i = 0; i < 60; i++) {
                assertThat(post("/own-thing", "", token).statusCode()).isEqualTo(200);
            }
        }
    }
}
