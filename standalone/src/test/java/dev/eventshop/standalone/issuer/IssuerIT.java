package dev.eventshop.standalone.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.access.Role;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.KeptPorts;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IssuerIT {

    private static final String CONSOLE = "http://localhost:8082/console/";
    private static final String LOOPBACK = "http://127.0.0.1:8083/console/";
    private static final String ORIGIN = "http://localhost:8082";

    @TempDir
    private static Path folder;

    private static DataFolder data;
    private static RunningIssuer issuer;
    private static FirstLogin firstLogin;

    @BeforeAll
    static void start() {
        data = DataFolder.open(folder);
        int port = new KeptPorts(data).choose("issuer", IssuerSettings.PORT, OptionalInt.of(0), 0);
        IssuerSettings settings =
                new IssuerSettings("127.0.0.1", port, "http://127.0.0.1:" + port, List.of(CONSOLE, LOOPBACK));
        firstLogin = FirstLogin.in(data);
        issuer = RunningIssuer.start(IssuerFolder.open(data, settings.url()), settings, firstLogin);
    }

    @AfterAll
    static void stop() {
        issuer.close();
        data.close();
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static HttpResponse<String> post(
            HttpClient client, String url, Map<String, String> fields, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(fields)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    /** As a service would. */
    private static Jwt checked(String token) {
        return NimbusJwtDecoder.withJwkSetUri(issuer.keys()).build().decode(token);
    }

    private static HttpResponse<String> clientCredentials(String role, String secret) throws Exception {
        String basic = Base64.getEncoder()
                .encodeToString((IssuerFolder.clientId(role) + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return post(
                browser(),
                issuer.tokenEndpoint(),
                Map.of("grant_type", "client_credentials"),
                "Authorization",
                "Basic " + basic);
    }

    @Nested
    class ItsFiles {

        @Test
        void areForTheirOwnerAlone() throws Exception {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("issuer"))))
                    .isEqualTo("rwx------");
            for (String file : List.of("issuer/keys.json", "issuer/secrets.json")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                        .isEqualTo("rw-------");
            }
        }

        @Test
        void areTakenAwayFromOthersAtTheNextStart() throws Exception {
            Path keys = folder.resolve("issuer/keys.json");
            Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));

            IssuerFolder.open(data, issuer.url());

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
                    .isEqualTo("rw-------");
        }

        @Test
        void areKept() {
            IssuerFolder again = IssuerFolder.open(data, issuer.url());

            assertThat(again).isEqualTo(issuer.folder());
            assertThat(IssuerFolder.find(folder)).contains(again);
        }

        @Test
        void areOfEachFolderAlone(@TempDir Path other) {
            try (DataFolder another = DataFolder.open(other)) {
                IssuerFolder made = IssuerFolder.open(another, issuer.url());

                assertThat(made.key()).isNotEqualTo(issuer.folder().key());
                assertThat(made.clients().values())
                        .doesNotContainAnyElementsOf(issuer.folder().clients().values());
                assertThat(made.users().values())
                        .doesNotContainAnyElementsOf(issuer.folder().users().values());
            }
        }

        @Test
        void areMissingWhereNoneWasStarted(@TempDir Path other) {
            assertThat(IssuerFolder.find(other)).isEmpty();
        }
    }

    @Nested
    class AProgram {

        @Test
        void getsATokenOfItsRole() throws Exception {
            for (String role : List.of("operator", "staff")) {
                HttpResponse<String> answer =
                        clientCredentials(role, issuer.folder().clients().get(role));

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(json(answer).path("expires_in").intValue()).isBetween(3590, 3600);
                Jwt token = checked(json(answer).path("access_token").asString());
                assertThat(token.getClaimAsString("iss")).isEqualTo(issuer.url());
                assertThat(token.getAudience()).containsExactly("eventshop");
                assertThat(token.getSubject()).isEqualTo("eventshop-" + role);
                assertThat(token.getClaimAsStringList("roles")).containsExactly(role);
            }
        }

        @Test
        void isRefusedWithoutASecret() throws Exception {
            for (String accept : List.of("*/*", "application/json", "text/html")) {
                HttpResponse<String> answer = post(
                        browser(),
                        issuer.tokenEndpoint(),
                        Map.of("grant_type", "client_credentials"),
                        "Accept",
                        accept);

                assertThat(answer.statusCode()).isEqualTo(401);
                assertThat(json(answer).get("error").asString()).isEqualTo("invalid_client");
            }
        }

        @Test
        void isRefusedWithAnotherSecret() throws Exception {
            assertThat(clientCredentials("operator", "guess").statusCode()).isEqualTo(401);
            assertThat(clientCredentials("staff", issuer.folder().clients().get("operator"))
                            .statusCode())
                    .isEqualTo(401);
        }

        @Test
        void isNoCustomer() {
            assertThat(issuer.folder().clients()).containsOnlyKeys("operator", "staff");
        }
    }

    @Nested
    class ThoseWhoMayReadItsFolder {

        @Test
        void canMakeAnyToken() {
            Instant now = Instant.now();
            Jwt token = checked(Tokens.issue(issuer.folder(), Role.CUSTOMER, "lan", now));

            assertThat(token.getClaimAsString("iss")).isEqualTo(issuer.url());
            assertThat(token.getSubject()).isEqualTo("lan");
            assertThat(token.getAudience()).containsExactly("eventshop");
            assertThat(token.getClaimAsStringList("roles")).containsExactly("customer");
            assertThat(Duration.between(now, token.getExpiresAt()))
                    .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        }
    }

    @Nested
    class APage {

        private final HttpClient browser = browser();
        private final String verifier = "a-random-text-of-at-least-forty-three-characters-0123";

        private String authorize(Map<String, String> change) throws Exception {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            Map<String, String> fields = new TreeMap<>(Map.of(
                    "response_type", "code",
                    "client_id", "eventshop-console",
                    "redirect_uri", CONSOLE,
                    "scope", "openid",
                    "state", "s1",
                    "code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(hash),
                    "code_challenge_method", "S256"));
            fields.putAll(change);
            fields.values().removeIf(String::isEmpty);
            return issuer.url() + "/oauth2/authorize?" + form(fields);
        }

        private HttpResponse<String> logIn(String user, String password) throws Exception {
            String page = get(browser, issuer.url() + "/login").body();
            Matcher csrf =
                    Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(page);
            assertThat(csrf.find()).as(page).isTrue();
            return post(
                    browser,
                    issuer.url() + "/login",
                    Map.of("username", user, "password", password, "_csrf", csrf.group(1)));
        }

        private String location(HttpResponse<?> answer) {
            return answer.headers().firstValue("Location").orElse("");
        }

        private HttpResponse<String> exchange(String code, String withVerifier) throws Exception {
            return post(
                    HttpClient.newHttpClient(),
                    issuer.tokenEndpoint(),
                    Map.of(
                            "grant_type", "authorization_code",
                            "client_id", "eventshop-console",
                            "redirect_uri", CONSOLE,
                            "code", code,
                            "code_verifier", withVerifier),
                    "Origin",
                    ORIGIN);
        }

        private String codeOf(String role) throws Exception {
            HttpResponse<String> asked = get(browser, authorize(Map.of()));
            assertThat(asked.statusCode()).isEqualTo(302);
            assertThat(location(asked)).endsWith("/login");
            logIn(role, issuer.folder().users().get(role));
            String back = location(get(browser, authorize(Map.of())));
            assertThat(back).startsWith(CONSOLE + "?code=").endsWith("&state=s1");
            return URLDecoder.decode(
                    back.substring(back.indexOf("code=") + 5, back.indexOf("&state")), StandardCharsets.UTF_8);
        }

        @Test
        void getsATokenForAPersonWhoLogsIn() throws Exception {
            for (String role : List.of("operator", "staff", "customer")) {
                APage page = new APage(); // in a browser that nobody has logged in with
                HttpResponse<String> answer = page.exchange(page.codeOf(role), verifier);

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                        .contains(ORIGIN);
                Jwt token = checked(json(answer).path("access_token").asString());
                assertThat(token.getSubject()).isEqualTo(role);
                assertThat(token.getAudience()).containsExactly("eventshop");
                assertThat(token.getClaimAsStringList("roles")).containsExactly(role);
            }
        }

        @Test
        void getsNothingForACodeThatSomebodyElseAskedFor() throws Exception {
            assertThat(exchange(codeOf("operator"), "another-text-of-at-least-forty-three-characters-0")
                            .statusCode())
                    .isEqualTo(400);
        }

        @Test
        void hasToProveThatItAsked() throws Exception {
            logIn("operator", issuer.folder().users().get("operator"));
            String back = location(get(browser, authorize(Map.of("code_challenge", "", "code_challenge_method", ""))));

            assertThat(back).contains("error=invalid_request").doesNotContain("code=");
        }

        @Test
        void ofAnotherOriginIsSentNothing() throws Exception {
            logIn("operator", issuer.folder().users().get("operator"));

            HttpResponse<String> answer =
                    get(browser, authorize(Map.of("redirect_uri", "http://evil.example/console/")));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("Bad Request").doesNotContain("Exception");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://127.0.0.1:9999/console/",
                    "http://localhost:9999/console/",
                    "http://127.0.0.1:8083/console",
                    "http://127.0.0.1:8083/console/?more",
                    "https://127.0.0.1:8083/console/"
                })
        void isSentNothingUnlessItIsRegisteredLetterByLetter(String redirect) throws Exception {
            logIn("operator", issuer.folder().users().get("operator"));

            HttpResponse<String> answer = get(browser, authorize(Map.of("redirect_uri", redirect)));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.headers().firstValue("Location")).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({ORIGIN + ", 200", "http://evil.example, 403"})
        void mayAskWhetherItMayAskForATokenOnlyFromItsOwnOrigin(String origin, int status) throws Exception {
            HttpResponse<String> answer = browser.send(
                    HttpRequest.newBuilder(URI.create(issuer.url() + "/oauth2/token"))
                            .header("Origin", origin)
                            .header("Access-Control-Request-Method", "POST")
                            .method("OPTIONS", BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                    .isEqualTo(status == 200 ? List.of(origin) : List.of());
        }

        @Test
        void getsNoSessionInTheAddress() throws Exception {
            HttpResponse<String> asked = get(HttpClient.newHttpClient(), authorize(Map.of()));

            assertThat(location(asked)).doesNotContain(";");
        }

        @Test
        void isNotLoggedInToWithAWrongPassword() throws Exception {
            assertThat(location(logIn("operator", "guess"))).contains("error");
            assertThat(location(get(browser, authorize(Map.of())))).endsWith("/login");
        }
    }

    @Nested
    class TheFirstLogin {

        private final APage page = new APage();
        private final String link = issuer.firstLogin();

        private HttpResponse<String> follow() throws Exception {
            HttpResponse<String> button = get(page.browser, link);
            Matcher csrf =
                    Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(button.body());
            assertThat(csrf.find()).as(button.body()).isTrue();
            return post(
                    page.browser,
                    issuer.url() + "/login/ott",
                    Map.of("token", link.substring(link.indexOf('=') + 1), "_csrf", csrf.group(1)));
        }

        @Test
        void makesAnOperatorOfWhoHasTheLink() throws Exception {
            assertThat(get(page.browser, link).statusCode()).isEqualTo(200); // looking at it does not use it up

            assertThat(page.location(follow())).isEqualTo(CONSOLE);
            String back = page.location(get(page.browser, page.authorize(Map.of())));
            String code = back.substring(back.indexOf("code=") + 5, back.indexOf("&state"));
            HttpResponse<String> answer = page.exchange(URLDecoder.decode(code, StandardCharsets.UTF_8), page.verifier);
            Jwt token = checked(json(answer).path("access_token").asString());
            assertThat(token.getClaimAsStringList("roles")).containsExactly("operator");
        }

        @Test
        void isDueUntilTheOperatorHasLoggedIn() throws Exception {
            FirstLogin.expect(data);
            IssuerFolder.open(data, issuer.url()); // the next start
            assertThat(firstLogin.isDue()).isTrue();
            get(page.browser, link);
            page.logIn("staff", issuer.folder().users().get("staff"));
            assertThat(firstLogin.isDue()).isTrue();

            follow();

            assertThat(firstLogin.isDue()).isFalse();
            IssuerFolder.open(data, issuer.url());
            assertThat(firstLogin.isDue()).isFalse();
        }

        @Test
        void isNotDueOnceTheOperatorHasComeWithThePassword() throws Exception {
            FirstLogin.expect(data);

            page.logIn("operator", issuer.folder().users().get("operator"));

            assertThat(firstLogin.isDue()).isFalse();
        }

        @Test
        void isDueInANewFolder(@TempDir Path other) {
            try (DataFolder another = DataFolder.open(other)) {
                assertThat(FirstLogin.in(another).isDue()).isFalse();
                IssuerFolder.open(another, issuer.url());
                assertThat(FirstLogin.in(another).isDue()).isTrue();
            }
        }

        @Test
        void worksOnce() throws Exception {
            follow();

            assertThat(page.location(follow())).endsWith("/login?error");
        }

        @Test
        void needsALinkThatWasMadeHere() throws Exception {
            String page = get(this.page.browser, issuer.url() + "/login").body();
            assertThat(page).doesNotContainIgnoringCase("one-time");
            for (String path : List.of("/ott/generate", "/login/ott")) {
                HttpResponse<String> answer =
                        post(browser(), issuer.url() + path, Map.of("username", "operator", "token", "guess"));
                assertThat(this.page.location(answer)).endsWith("/login"); // not even a guess, without a form of ours
            }
        }
    }
}
