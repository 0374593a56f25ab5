package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The console's pages as they are served; how they look and work is tested in a browser, in front of a whole shop. */
class ConsolePagesIT {

    private static final String[] NOBODY = {"Authorization", ""};

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide shop;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        shop = RunningQuerySide.on(
                database,
                "eventshop.console.command-side=https://shop.example.org/commands/",
                "eventshop.console.notification-projector=https://mails.example.org",
                "eventshop.console.management.command-side=http://10.0.0.7:9181",
                "eventshop.currency=EUR");
    }

    @AfterAll
    static void stop() {
        shop.close();
        events.close();
        database.close();
    }

    private static Answer get(String path) {
        return shop.get("/console" + path, NOBODY);
    }

    private static String policy(Answer answer) {
        return answer.header("Content-Security-Policy");
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/index.html, text/html",
        "/console.css, text/css",
        "/icon.svg, image/svg+xml",
        "/js/main.js, text/javascript",
        "/lib/preact.js, text/javascript",
        "/lib/preact-hooks.js, text/javascript",
        "/lib/htm.js, text/javascript",
        "/lib/uplot.js, text/javascript",
        "/lib/uplot.css, text/css",
        "/mail.html, text/html",
        "/runbooks/README.md, text/markdown",
        "/config.json, application/json"
    })
    void areThereForEverybody(String path, String type) {
        Answer answer = get(path).expect(200);

        assertThat(answer.header("Content-Type")).startsWith(type);
        assertThat(answer.body()).isNotBlank();
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(policy(answer)).contains("default-src 'none'").doesNotContain("unsafe-eval");
    }

    @Test
    void areNotSentAgainWhenTheyAreKnown() {
        String tag = get("/js/main.js").header("ETag");

        assertThat(tag).isNotBlank();
        shop.get("/console/js/main.js", "If-None-Match", tag).expect(304);
        assertThat(get("/console.css").header("ETag")).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/libraries.properties",
                "/nothing",
                "/lib/other.js",
                "/lib/",
                "/js/",
                "/js/../../query-side.yml",
                "/lib/..%2f..%2fquery-side.yml",
                "/query-side.yml"
            })
    void areNothingElse(String path) {
        assertThat(get(path).status()).isIn(400, 404);
    }

    @Test
    void areOnlyRead() {
        shop.post("/console/", "{}", NOBODY).expect(405);
        shop.delete("/console/index.html", NOBODY).expect(405);
    }

    @Test
    void areFoundWithoutTheSlash() {
        assertThat(get("").expect(302).header("Location")).isEqualTo("/console/");
    }

    @Test
    void runTheirOwnScriptsAndCallTheServicesOnly() throws Exception {
        Answer page = get("/");
        Matcher map = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page.body());
        assertThat(map.find()).isTrue();
        String hash = Base64.getEncoder()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(map.group(1).getBytes(StandardCharsets.UTF_8)));

        assertThat(page.body()).doesNotContain("http://", "https://", " style=", " onload=");
        assertThat(policy(page))
                .contains("script-src 'self' 'sha256-" + hash + "';")
                .contains("style-src 'self';")
                .contains("connect-src 'self' http://10.0.0.7:9181 http://127.0.0.1:")
                .contains(" https://shop.example.org;")
                .contains("frame-ancestors 'none'")
                .contains("base-uri 'none'")
                .doesNotContain("unsafe", "*");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    }

    @Test
    void showAnEmailInAFrameThatMayDoNothing() {
        Answer frame = get("/mail.html");

        assertThat(policy(frame))
                .startsWith("sandbox allow-scripts; default-src 'none'; script-src 'self';")
                .contains("frame-ancestors 'self'")
                .doesNotContain("connect-src", "allow-same-origin");
        assertThat(frame.header("X-Frame-Options")).isEqualTo("SAMEORIGIN");
    }

    @Test
    void areToldWhereTheServicesAre() {
        JsonNode config = get("/config.json").json();

        assertThat(config.at("/services/commandSide").asString()).isEqualTo("https://shop.example.org/commands");
        assertThat(config.at("/services/querySide").isNull()).isTrue();
        assertThat(config.at("/services/notificationProjector").asString()).isEqualTo("https://mails.example.org");
        assertThat(config.at("/management/commandSide").asString()).isEqualTo("http://10.0.0.7:9181");
        assertThat(config.at("/management/querySide").isNull()).isTrue();
        assertThat(config.path("issuer").asString())
                .isEqualTo(TestIssuer.shared().url());
        assertThat(config.path("clientId").asString()).isEqualTo("eventshop-console");
        assertThat(config.path("currency").asString()).isEqualTo("EUR");
    }

    @Test
    void changeNothingForWhatIsBesideThem() {
        shop.get("/api/products", NOBODY).expect(401);
        shop.get("/consoles", NOBODY).expect(401);
        assertThat(policy(shop.get("/api/products").expect(200)))
                .isEqualTo("default-src 'none'; frame-ancestors 'none'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eventshop.console.enabled=false", "eventshop.console.notification-projector="})
    void areGoneWhenTheyAreSwitchedOffOrNobodySaysWhereTheServicesAre(String missing) {
        try (RunningQuerySide without =
                RunningQuerySide.on(database, "eventshop.console.command-side=https://shop.example.org", missing)) {
            without.get("/console/", NOBODY).expect(401);
            without.get("/console/").expect(404);
        }
    }
}
