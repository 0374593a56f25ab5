package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client sees on the wire, down to requests that no client library would send. */
@SpringBootTest(
        classes = TestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "eventshop.web.max-body-size=10KB"})
class ProblemsOverHttpTest {

    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    private record Answer(int status, String head, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        Answer isProblem(int expected, String code) {
            assertThat(status).as(head + "\n\n" + body).isEqualTo(expected);
            assertThat(head.toLowerCase()).contains("content-type: application/problem+json");
            assertThat(head.toLowerCase()).doesNotContain("server:");
            assertThat(json().propertyNames()).contains("type", "title", "status", "detail", "instance", "code");
            assertThat(json().get("status").asInt()).isEqualTo(expected);
            assertThat(json().get("code").asString()).as(body).isEqualTo(code);
            assertThat(body)
                    .doesNotContainIgnoringCase("tomcat", "java.", "org.", "select", "exception", "<html", "\tat ");
            return this;
        }

        Answer isInvalid(String field) {
            isProblem(422, Problems.INVALID_REQUEST);
            assertThat(json().get("errors")
                            .valueStream()
                            .map(error -> error.get("field").asString()))
                    .as(body)
                    .containsExactly(field);
            return this;
        }
    }

    private Answer send(String request) throws IOException {
        return send(request.getBytes(StandardCharsets.ISO_8859_1), port);
    }

    private static Answer send(byte[] request, int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            try {
                out.write(request);
                out.flush();
            } catch (IOException closedEarly) {
                // an answer may be there all the same
            }
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            String body = answer.substring(end + 4);
            String head = answer.substring(0, end);
            if (head.toLowerCase().contains("transfer-encoding: chunked")) {
                body = unchunked(body);
            }
            return new Answer(Integer.parseInt(answer.substring(9, 12)), head, body);
        }
    }

    private static String unchunked(String body) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (true) {
            int end = body.indexOf("\r\n", at);
            if (end < 0) {
                return text.toString(); // ended by closing the connection
            }
            int length = Integer.parseInt(body.substring(at, end), 16);
            if (length == 0) {
                return text.toString();
            }
            text.append(body, end + 2, end + 2 + length);
            at = end + 4 + length;
        }
    }

    private Answer get(String path, String... headers) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n");
    }

    private Answer post(String path, String body) throws IOException {
        return post(path, body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private Answer post(String path, byte[] body, String type) throws IOException {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return send(request, port);
    }

    private static String order(String items) {
        return "{\"userId\": 1, \"items\": [" + items + "]}";
    }

    @Nested
    class Syntax {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "  ",
                    "{",
                    "{\"stock\": 1",
                    "{\"stock\": 1} {}",
                    "{\"stock\": 1}]",
                    "{stock: 1}",
                    "{\"stock\": 01}",
                    "{\"stock\": NaN}",
                    "{\"stock\": 1, \"stock\": 2}",
                    "{\"unknown\": 1, \"stock\": }",
                    "// comment\n{}",
                    "<stock>1</stock>"
                })
        void isRefusedWith400(String body) throws IOException {
            post("/one", body).isProblem(400, Problems.MALFORMED_JSON);
        }

        @Test
        void nestedTooDeeplyIsRefusedWith400() throws IOException {
            post("/one", "{\"x\":" + "[".repeat(4_000) + "]".repeat(4_000) + "}")
                    .isProblem(400, Problems.MALFORMED_JSON);
        }

        @Test
        void otherEncodingsAreRefusedWith400() throws IOException {
            String text = "{\"name\": \"Größe\"}";
            post("/orders", text.getBytes(StandardCharsets.ISO_8859_1), "application/json")
                    .isProblem(400, Problems.NOT_UTF8);
            String ascii = "{\"stock\": 1}";
            for (Charset charset : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
                post("/one", ascii.getBytes(charset), "application/json").isProblem(400, Problems.NOT_UTF8);
            }
            post("/one", text.getBytes(StandardCharsets.ISO_8859_1), "application/json; charset=iso-8859-1")
                    .isProblem(400, Problems.NOT_UTF8);
        }

        @Test
        void theBytesDecideWhateverCharsetIsNamed() throws IOException { // RFC 8259: JSON has no such parameter
            byte[] body = "{\"stock\": 1}".getBytes(StandardCharsets.UTF_8);
            assertThat(post("/one", body, "application/json; charset=iso-8859-1")
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void surrogatesAndOverlongFormsInUtf8AreRefusedWith400() throws IOException {
            byte[] body = "{\"name\": \"???\"}".getBytes(StandardCharsets.UTF_8);
            body[10] = (byte) 0xed;
            body[11] = (byte) 0xa0;
            body[12] = (byte) 0x80;
            post("/orders", body, "application/json").isProblem(400, Problems.NOT_UTF8);
            body[10] = (byte) 0xe0;
            body[11] = (byte) 0x80;
            body[12] = (byte) 0xaf;
            post("/orders", body, "application/json").isProblem(400, Problems.NOT_UTF8);
        }
    }

    @Nested
    class Fields {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"stock\": \"5\"}      | stock",
                    "{\"stock\": 1.5}        | stock",
                    "{\"stock\": 5.0}        | stock",
                    "{\"stock\": 1e2}        | stock",
                    "{\"stock\": true}       | stock",
                    "{\"stock\": \"\"}       | stock",
                    "{\"stock\": []}         | stock",
                    "{\"stock\": [1]}        | stock",
                    "{\"stock\": {}}         | stock",
                    "{\"stock\": 2147483648} | stock",
                    "{\"stock\": -99999999999999999999} | stock",
                    "{\"stock\": 1, \"newStock\": 2} | newStock",
                    "{\"Stock\": 1}          | Stock",
                    "[]                      | $",
                    "[{\"stock\": 1}]        | $",
                    "5                       | $",
                    "\"\"                    | $",
                    "\"x\"                   | $",
                    "null                    | $"
                })
        void ofTheWrongFormAreNamed(String body, String field) throws IOException {
            post("/one", body).isInvalid(field);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"quantity\": \"2\", \"productId\": 1}   | items[0].quantity",
                    "{\"quantity\": 2, \"productId\": 1}, {\"quantity\": null, \"productId\": 1} | items[1].quantity",
                    "{\"quantity\": 2, \"productId\": 1}, {\"productId\": 1} | items[1].quantity",
                    "{\"quantity\": 2}                         | items[0].productId",
                    "{\"quantity\": 101, \"productId\": 1}     | items[0].quantity",
                    "{\"quantity\": 2, \"productId\": 1, \"unitPrice\": 0.01} | items[0].unitPrice",
                    "{\"quantity\": 1e1000000000, \"productId\": 1} | items[0].quantity",
                    "7                                         | items[0]",
                    "null                                      | items[0]",
                    "`                                        `| items"
                })
        void inAListAreNamedWithTheirIndex(String items, String field) throws IOException {
            post("/orders", order(items)).isInvalid(field);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "\"name\": 5               | name",
                    "\"name\": true            | name",
                    "\"name\": \"\"            | name",
                    "\"name\": \"a\\u0000b\"   | name",
                    "\"name\": \"a\\ud800\"    | name",
                    "\"note\": \"a\\u0000b\"   | note",
                    "\"note\": \"a\\ud800\"    | note",
                    "\"name\": \"\\udc00\\ud800\" | name",
                    "\"name\": \"123456789012345678901\" | name",
                    "\"price\": \"5.00\"       | price",
                    "\"price\": \"\"           | price",
                    "\"price\": 1e1000000000   | price",
                    "\"price\": 1e-1000000000  | price",
                    "\"price\": 0e1000000000   | price",
                    "\"price\": 1e99999999999  | price",
                    "\"price\": 123456789012345678901234567890123456789 | price",
                    "\"at\": 1700000000        | at",
                    "\"at\": \"2026-01-31\"    | at",
                    "\"at\": \"2026-01-31T12:00:00\" | at",
                    "\"at\": \"\"              | at",
                    "\"colour\": \"GREEN\"     | colour",
                    "\"colour\": \"red\"       | colour",
                    "\"colour\": 0             | colour",
                    "\"colour\": \"\"          | colour",
                    "\"gift\": \"true\"        | gift",
                    "\"gift\": 1               | gift",
                    "\"gift\": \"\"            | gift"
                })
        void areNotTakenForSomethingElse(String field, String name) throws IOException {
            post("/orders", "{\"userId\": 1, \"items\": [{\"quantity\": 1, \"productId\": 1}], " + field + "}")
                    .isInvalid(name);
        }

        @Test
        void aNumberOfManyDigitsIsRefusedWithoutComputingIt() throws IOException {
            post("/orders", "{\"userId\": 1, \"items\": [], \"price\": " + "9".repeat(9_000) + "}")
                    .isInvalid("price");
        }

        @Test
        void violationsComeAllAtOnce() throws IOException {
            Answer answer = post("/orders", "{\"userId\": 0, \"name\": \"\", \"items\": []}");
            answer.isProblem(422, Problems.INVALID_REQUEST);
            assertThat(answer.json()
                            .get("errors")
                            .valueStream()
                            .map(error -> error.get("field").asString()))
                    .containsExactlyInAnyOrder("userId", "name", "items");
            assertThat(answer.json().get("instance").asString()).isEqualTo("/orders");
        }

        @Test
        void ofTheRightFormAreTakenExactly() throws IOException {
            Answer answer = post(
                    "/orders",
                    "{\"userId\": 1, \"items\": [{\"quantity\": 1, \"productId\": 1}], \"price\": 1234567890123456.7800,"
                            + " \"at\": \"2026-01-31T12:00:00.123456+07:00\", \"name\": \"Trà đá 🍵\"}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"price\":1234567890123456.7800,\"at\":\"2026-01-31T05:00:00.123456Z\",\"nothing\":null,"
                                    + "\"text\":\"Trà đá 🍵\"}");
        }

        @Test
        void amountsAreWrittenPlain() throws IOException {
            Answer answer = post(
                    "/orders", "{\"userId\": 1, \"items\": [{\"quantity\": 1, \"productId\": 1}], \"price\": 1.5e3}");
            assertThat(answer.body()).contains("\"price\":1500,");
            assertThat(post(
                                    "/orders",
                                    "{\"userId\": 1, \"items\": [{\"quantity\": 1, \"productId\": 1}], \"price\": 1e-9}")
                            .body())
                    .contains("\"price\":0.000000001,");
        }
    }

    @Nested
    class Parameters {

        @ParameterizedTest
        @CsvSource({
            "limit=0,limit",
            "limit=201,limit",
            "limit=abc,limit",
            "limit=-1,limit",
            "limit=,limit",
            "limit=5.0,limit",
            "minStock=0x10,minStock",
            "minStock=abc,minStock",
            "minStock=-1,minStock",
            "minStock=99999999999,minStock",
            "from=yesterday,from",
            "from=1700000000,from",
            "colour=GREEN,colour",
            "search=a%00b,search",
            "cursor=abc,cursor",
            "cursor=%20,cursor",
            "cursor=b3RoZXIfMQ,cursor"
        })
        void ofTheQueryAreInvalidInput(String query, String field) throws IOException {
            get("/things?" + query).isInvalid(field);
        }

        @Test
        void thatAreMissingAreNamed() throws IOException {
            get("/required", "X-Number: 1").isInvalid("first");
            get("/required?first=1").isInvalid("X-Number");
            get("/required?first=1", "X-Number: one").isInvalid("X-Number");
        }

        @Test
        void haveDefaults() throws IOException {
            assertThat(get("/things").body()).isEqualTo("{\"items\":[\"50/5\"],\"nextCursor\":null}");
            assertThat(get("/things?limit=200", "Prefer: respond-async, wait=7")
                            .json()
                            .at("/items/0")
                            .asString())
                    .isEqualTo("200/7");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"If-Match: 5", "If-Match: \"5", "If-Match: \"5\" \"6\"", "If-Match: ", "If-Match: *, \"5\""})
        void malformedIfMatchIsInvalid(String header) throws IOException {
            get("/things", header).isInvalid("If-Match");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"Prefer: wait", "Prefer: wait=", "Prefer: wait=-1", "Prefer: wait=soon", "Prefer: wait=1.5"})
        void malformedPreferenceIsInvalid(String header) throws IOException {
            get("/things", header).isInvalid("Prefer");
        }

        @Test
        void ofThePathThatAreNoNumberAreUnknownIds() throws IOException {
            get("/things/abc").isProblem(404, "THING_NOT_FOUND");
            get("/things/99999999999").isProblem(404, "THING_NOT_FOUND");
            get("/things/0x10").isProblem(404, "THING_NOT_FOUND");
            get("/numbers/abc").isProblem(404, Problems.NOT_FOUND);
            assertThat(get("/things/17").body()).isEqualTo("{\"stock\":17}");
        }
    }

    @Nested
    class Refusals {

        @Test
        void ofRoutesMethodsAndMediaTypes() throws IOException {
            Answer unknown = get("/nowhere/%22quoted%22").isProblem(404, Problems.NOT_FOUND);
            assertThat(unknown.json().get("instance").asString()).isEqualTo("/nowhere/%22quoted%22");
            get("/").isProblem(404, Problems.NOT_FOUND);
            get("/error").isProblem(404, Problems.NOT_FOUND);
            assertThat(get("/orders")
                            .isProblem(405, Problems.METHOD_NOT_ALLOWED)
                            .head())
                    .contains("Allow: POST");
            get("/things/1", "Accept: text/html").isProblem(406, Problems.NOT_ACCEPTABLE);
            post("/one", "{}".getBytes(StandardCharsets.UTF_8), "text/plain")
                    .isProblem(415, Problems.UNSUPPORTED_MEDIA_TYPE);
            post("/one", "stock=1".getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded")
                    .isProblem(415, Problems.UNSUPPORTED_MEDIA_TYPE);
            post("/one", "{}".getBytes(StandardCharsets.UTF_8), "nonsense")
                    .isProblem(415, Problems.UNSUPPORTED_MEDIA_TYPE);
        }

        @Test
        void ofWritesWhoseAnswerIsNotAcceptedComeBeforeTheirEffect() throws IOException {
            int before = TestApplication.ones();
            postOneAccepting("application/xml").isProblem(406, Problems.NOT_ACCEPTABLE);
            postOneAccepting("nonsense").isProblem(406, Problems.NOT_ACCEPTABLE);
            assertThat(TestApplication.ones()).isEqualTo(before);

            assertThat(postOneAccepting("text/html, */*;q=0.1").status()).isEqualTo(200);
            assertThat(TestApplication.ones()).isEqualTo(before + 1);
        }

        private Answer postOneAccepting(String types) throws IOException {
            return post(
                    "/one", "{\"stock\":1}".getBytes(StandardCharsets.UTF_8), "application/json\r\nAccept: " + types);
        }

        @Test
        void ofIdsWithPathParameters() throws IOException {
            get("/things/1;a=b").isProblem(404, Problems.NOT_FOUND);
        }

        @Test
        void areProblemsWhateverTheClientAccepts() throws IOException {
            get("/nowhere", "Accept: text/html").isProblem(404, Problems.NOT_FOUND);
            get("/failures/conflict", "Accept: image/png").isProblem(409, "ORDER_NOT_CANCELLABLE");
            get("/failures/status").isProblem(409, "CONFLICT");
        }

        @Test
        void forAMissingDependencyTellWhenToComeBack() throws IOException {
            assertThat(get("/failures/database")
                            .isProblem(503, Problems.DATABASE_UNAVAILABLE)
                            .head())
                    .containsPattern("Retry-After: [1-5]\r\n");
            assertThat(get("/failures/later").isProblem(503, "NOT_YET").head())
                    .containsPattern("Retry-After: [1-5]\r\n");
        }

        @Test
        void forDefectsTellNothingButTheirNumber() throws IOException {
            String detail = get("/failures/defect")
                    .isProblem(500, Problems.INTERNAL_ERROR)
                    .json()
                    .get("detail")
                    .asString();
            assertThat(detail).containsPattern("[0-9a-f]{8}-[0-9a-f-]{27}");
            get("/failures/error").isProblem(500, Problems.INTERNAL_ERROR);
        }

        @Test
        void outsideOfControllersAreProblemsToo() throws IOException {
            Answer failed = get("/filtered/x").isProblem(500, Problems.INTERNAL_ERROR);
            assertThat(failed.json().get("instance").asString()).isEqualTo("/filtered/x");
            get("/filtered/sent").isProblem(409, "CONFLICT");
        }
    }

    @Nested
    class Bodies {

        @Test
        void announcedTooLargeAreNotRead() throws IOException {
            send("POST /one HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Content-Length: 1000000000\r\n\r\n{")
                    .isProblem(413, Problems.BODY_TOO_LARGE);
        }

        @Test
        void announcedTooLargeAreAnsweredWhileTheClientStillHesitates() throws IOException {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream()
                        .write(("POST /one HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 1000000\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                byte[] start = socket.getInputStream().readNBytes(12);
                assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
            }
        }

        @Test
        void chunkedTooLargeAreCutOff() throws IOException {
            String chunk = "400\r\n" + " ".repeat(0x400) + "\r\n";
            send("POST /one HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(11) + "0\r\n\r\n")
                    .isProblem(413, Problems.BODY_TOO_LARGE);
        }

        @Test
        void upToTheLimitAreTaken() throws IOException {
            String body = "{\"stock\": 5" + " ".repeat(10 * 1024 - 12) + "}";
            assertThat(post("/one", body).status()).isEqualTo(200);
            post("/one", body + " ").isProblem(413, Problems.BODY_TOO_LARGE);
        }
    }

    @Nested
    class NotEvenHttp {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET /things|x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "G@T /things HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "GET /things HTTP/1.1\r\n\r\n",
                    "GET /things HTTP/1.1\r\nHost: local host\r\n\r\n",
                    "GET /things/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    "GET /things/%2e%2e%2fx HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    "GET /things%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    "GET /things?search=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    "POST /one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + "Content-Length: x\r\n\r\n{}",
                    "POST /one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
                })
        void isAProblemWithoutAWordAboutTheServer(String request) throws IOException {
            send(request).isProblem(400, Problems.MALFORMED_REQUEST);
        }
    }

    @Nested
    class OddRequests {

        @Test
        void withUnknownMethodsAreRefused() throws IOException {
            for (String method : new String[] {"TRACE", "PURGE", "DELETE"}) {
                send(method + " /things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .isProblem(405, Problems.METHOD_NOT_ALLOWED);
            }
        }

        @Test
        void withVeryLongHeadersAreRefused() throws IOException {
            get("/things", "X-Long: " + "x".repeat(20_000)).isProblem(400, Problems.MALFORMED_REQUEST);
        }

        @Test
        void withThousandsOfParametersAreRefused() throws IOException {
            get("/things?" + "a&".repeat(2_000)).isProblem(400, Problems.MALFORMED_REQUEST);
        }

        @Test
        void areNotCachedWithoutAsking() throws IOException {
            assertThat(get("/things").head()).contains("Cache-Control: no-cache", "X-Content-Type-Options: nosniff");
        }

        @Test
        void forAStreamThatFailsGetNoProblemIntoIt() throws IOException {
            Answer stream = get("/stream");
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.body()).isEqualTo("data:first\n\n");
        }
    }

    @Nested
    class Management {

        @Test
        void callsAServiceWithoutItsBrokerDegradedAndReady() throws IOException {
            Answer health = management("/actuator/health");
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.json().get("status").asString()).isEqualTo("DEGRADED");
            assertThat(health.json().at("/components/rabbit/details/broker").asString())
                    .isEqualTo("gone");
            assertThat(management("/actuator/health/readiness")
                            .json()
                            .get("status")
                            .asString())
                    .isEqualTo("UP");
            assertThat(management("/actuator/health/liveness")
                            .json()
                            .get("status")
                            .asString())
                    .isEqualTo("UP");
        }

        @Test
        void showsNothingElse() throws IOException {
            assertThat(management("/actuator/info").status()).isEqualTo(200);
            assertThat(management("/actuator/env").status()).isEqualTo(404);
            assertThat(management("/actuator/beans").body()).doesNotContainIgnoringCase("whitelabel", "tomcat");
            assertThat(get("/actuator/health").status()).isEqualTo(404);
        }

        @Test
        void keepsItsServerToItselfAsWell() throws IOException {
            Answer answer = send(
                    "GET /x|y HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8), managementPort);
            answer.isProblem(400, Problems.MALFORMED_REQUEST);
            assertThat(answer.head()).contains("X-Content-Type-Options: nosniff", "X-Frame-Options: DENY");
        }

        private Answer management(String path) throws IOException {
            return send(
                    ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8),
                    managementPort);
        }
    }

    @Nested
    class OpenApi {

        @Test
        void isPublished() throws IOException {
            JsonNode document = get("/v3/api-docs").json();
            assertThat(document.get("openapi").asString()).startsWith("3.1");
            assertThat(document.get("paths").propertyNames()).contains("/orders", "/things/{id}");
            assertThat(get("/swagger-ui").status()).isEqualTo(302);
            assertThat(get("/swagger-ui/index.html").status()).isEqualTo(200);
        }

        @Test
        void listsTheProblemsOfEachOperation() throws IOException {
            JsonNode document = get("/v3/api-docs").json();
            assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
                    .containsExactlyInAnyOrder("type", "title", "status", "detail", "instance", "code", "errors");
            assertThat(document.at("/components/schemas/FieldError/properties").propertyNames())
                    .containsExactlyInAnyOrder("field", "message");
            assertThat(document.at("/paths/~1orders/post/responses").propertyNames())
                    .containsExactlyInAnyOrder("200", "400", "406", "413", "415", "422", "500", "503");
            assertThat(document.at("/paths/~1things~1{id}/get/responses").propertyNames())
                    .containsExactlyInAnyOrder("200", "404", "406", "409", "500", "503");
            assertThat(document.at("/paths/~1things~1{id}/get/responses/404/description")
                            .asString())
                    .isEqualTo("THING_NOT_FOUND");
            JsonNode declared = document.at("/paths/~1things~1{id}/get/responses/409");
            assertThat(declared.get("description").asString()).isEqualTo("THING_BUSY");
            assertThat(declared.at("/content/application~1problem+json/schema/$ref")
                            .asString())
                    .isEqualTo("#/components/schemas/Problem");
        }

        @Test
        void describesParametersThatAreTakenByTheirType() throws IOException {
            JsonNode parameters = get("/v3/api-docs").json().at("/paths/~1things/get/parameters");
            assertThat(parameters
                            .valueStream()
                            .map(parameter -> parameter.get("name").asString()))
                    .containsOnlyOnce("limit", "Min-Event-Position", "Prefer", "If-Match")
                    .doesNotContain("after", "ifMatch", "value", "position");
        }
    }
}
