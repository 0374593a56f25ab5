package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.testing.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputIT {

    private static TestDatabase database;
    private static RunningCommandSide shop;
    private static int user;
    private static int product;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        shop = RunningCommandSide.start(database);
        user = shop.user("bad-input@example.com");
        product = shop.product(10);
    }

    @AfterAll
    static void stop() {
        shop.close();
        database.close();
    }

    static Stream<Arguments> invalidUsers() {
        return Stream.of(
                invalid("{}", "email"),
                invalid("{\"email\":\"a@example.com\"}", "fullName"),
                invalid("{\"email\":null,\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"\",\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"ada\",\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"a@b@example.com\",\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"a@example.com\\r\\nBcc: b@example.com\",\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"\u212aate@example.com\",\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"" + "a".repeat(250) + "@example.com\",\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":17,\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":[\"a@example.com\"],\"fullName\":\"Ada\"}", "email"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"  \"}", "fullName"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"Ada\\nLovelace\"}", "fullName"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"Ada\\u0000\"}", "fullName"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"\\u202eadA\"}", "fullName"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"\\ud800\"}", "fullName"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"" + "a".repeat(201) + "\"}", "fullName"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"Ada\",\"locale\":\"xx\"}", "locale"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"Ada\",\"locale\":\"EN\"}", "locale"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"Ada\",\"userId\":1}", "userId"),
                invalid("{\"email\":\"a@example.com\",\"fullName\":\"Ada\",\"erased\":true}", "erased"));
    }

    @ParameterizedTest
    @MethodSource("invalidUsers")
    void isRefusedForUsers(String body, String field) {
        expectInvalid(shop.post("/api/users", body), field);
    }

    static Stream<Arguments> invalidProducts() {
        return Stream.of(
                invalid("{\"price\":1,\"initialStock\":1}", "name"),
                invalid("{\"name\":\"Teapot\",\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":1}", "initialStock"),
                invalid("{\"name\":\" \",\"price\":1,\"initialStock\":1}", "name"),
                invalid("{\"name\":5,\"price\":1,\"initialStock\":1}", "name"),
                invalid("{\"name\":\"Teapot\",\"price\":-0.01,\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":1.001,\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":1e-1000000,\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":1e1000000,\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":1000000000,\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":\"1.00\",\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":true,\"initialStock\":1}", "price"),
                invalid("{\"name\":\"Teapot\",\"price\":1,\"initialStock\":-1}", "initialStock"),
                invalid("{\"name\":\"Teapot\",\"price\":1,\"initialStock\":1.5}", "initialStock"),
                invalid("{\"name\":\"Teapot\",\"price\":1,\"initialStock\":\"1\"}", "initialStock"),
                invalid("{\"name\":\"Teapot\",\"price\":1,\"initialStock\":2147483648}", "initialStock"),
                invalid("{\"name\":\"Teapot\",\"price\":1,\"initialStock\":1,\"productId\":5}", "productId"),
                invalid("{\"name\":\"Teapot\",\"price\":1,\"initialStock\":1,\"stock\":5}", "stock"));
    }

    @ParameterizedTest
    @MethodSource("invalidProducts")
    void isRefusedForProducts(String body, String field) {
        expectInvalid(shop.post("/api/products", body), field);
    }

    static Stream<Arguments> invalidChanges() {
        return Stream.of(
                Arguments.of("PUT", "stock", "{}", "stock"),
                Arguments.of("PUT", "stock", "{\"stock\":-1}", "stock"),
                Arguments.of("PUT", "stock", "{\"stock\":null}", "stock"),
                Arguments.of("PUT", "stock", "{\"stock\":1,\"reason\":\"counted\"}", "reason"),
                Arguments.of("PUT", "price", "{\"price\":19.999}", "price"),
                Arguments.of("PUT", "price", "{\"price\":19.99,\"currency\":\"EUR\"}", "currency"),
                Arguments.of("POST", "stock-adjustments", "{}", "delta"),
                Arguments.of("POST", "stock-adjustments", "{\"delta\":3000000000}", "delta"),
                Arguments.of("POST", "stock-adjustments", "{\"delta\":\"3\"}", "delta"),
                Arguments.of("POST", "stock-adjustments", "{\"delta\":1,\"reason\":\"\"}", "reason"),
                Arguments.of(
                        "POST", "stock-adjustments", "{\"delta\":1,\"reason\":\"" + "r".repeat(501) + "\"}", "reason"));
    }

    @ParameterizedTest
    @MethodSource("invalidChanges")
    void isRefusedForChangesOfAProduct(String method, String path, String body, String field) {
        expectInvalid(shop.send(method, "/api/products/" + product + "/" + path, BodyPublishers.ofString(body)), field);
    }

    static Stream<Arguments> invalidOrders() {
        String item = "{\"productId\":%d,\"quantity\":1}";
        return Stream.of(
                invalid("{\"items\":[" + item + "]}", "userId"),
                invalid("{\"userId\":0,\"items\":[" + item + "]}", "userId"),
                invalid("{\"userId\":1}", "items"),
                invalid("{\"userId\":1,\"items\":[]}", "items"),
                invalid("{\"userId\":1,\"items\":null}", "items"),
                invalid("{\"userId\":1,\"items\":{}}", "items"),
                invalid("{\"userId\":1,\"items\":[null]}", "items[0]"),
                invalid("{\"userId\":1,\"items\":[{}]}", "items[0].productId"),
                invalid("{\"userId\":1,\"items\":[{\"productId\":1,\"quantity\":0}]}", "items[0].quantity"),
                invalid("{\"userId\":1,\"items\":[{\"productId\":1,\"quantity\":-5}]}", "items[0].quantity"),
                invalid("{\"userId\":1,\"items\":[{\"productId\":1,\"quantity\":10001}]}", "items[0].quantity"),
                invalid("{\"userId\":1,\"items\":[" + item + "," + item + "]}", "items[1].productId"),
                invalid("{\"userId\":1,\"items\":[{\"productId\":1,\"quantity\":1,\"price\":0.01}]}", "items[0].price"),
                invalid("{\"userId\":1,\"items\":[" + item + "],\"status\":\"CONFIRMED\"}", "status"),
                invalid("{\"userId\":1,\"items\":[" + item + "],\"totalAmount\":1}", "totalAmount"),
                invalid(
                        "{\"userId\":1,\"items\":["
                                + IntStream.rangeClosed(1, 101)
                                        .mapToObj(i -> "{\"productId\":" + i + ",\"quantity\":1}")
                                        .collect(Collectors.joining(","))
                                + "]}",
                        "items"));
    }

    @ParameterizedTest
    @MethodSource("invalidOrders")
    void isRefusedForOrders(String body, String field) {
        expectInvalid(shop.post("/api/orders", body.replace("%d", Integer.toString(product))), field);
    }

    @Test
    void isRefusedForCancellations() {
        expectInvalid(shop.post("/api/orders/2000000000/cancellation", "{}"), "reason");
        expectInvalid(shop.post("/api/orders/2000000000/cancellation", "{\"reason\":\" \"}"), "reason");
        expectInvalid(shop.post("/api/orders/2000000000/cancellation", "{\"reason\":\"a\\nb\"}"), "reason");
    }

    @Test
    void isRefusedForUnknownIdsInTheBody() {
        Answer noUser = shop.post(
                "/api/orders", "{\"userId\":2000000000,\"items\":[{\"productId\":" + product + ",\"quantity\":1}]}");
        Answer noProduct = shop.post(
                "/api/orders", "{\"userId\":" + user + ",\"items\":[{\"productId\":2000000000,\"quantity\":1}]}");

        assertThat(noUser.expect(422).code()).isEqualTo("USER_NOT_FOUND");
        assertThat(noProduct.expect(422).code()).isEqualTo("PRODUCT_NOT_FOUND");
    }

    @ParameterizedTest
    @MethodSource("unknownIds")
    void isNotFoundForUnknownIdsInThePath(String id) {
        assertThat(shop.put("/api/products/" + id + "/stock", "{\"stock\":1}")
                        .expect(404)
                        .code())
                .isEqualTo("PRODUCT_NOT_FOUND");
        assertThat(shop.post("/api/orders/" + id + "/shipment").expect(404).code())
                .isEqualTo("ORDER_NOT_FOUND");
        assertThat(shop.post("/api/orders/" + id + "/cancellation", "{\"reason\":\"none\"}")
                        .expect(404)
                        .code())
                .isEqualTo("ORDER_NOT_FOUND");
    }

    static Stream<String> unknownIds() {
        return Stream.of("2000000000", "0", "-1", "017", "2147483648", "99999999999999999999", "abc", "1.0", "%31%20");
    }

    static Stream<String> notJson() {
        return Stream.of(
                "",
                "{",
                "{\"stock\":1",
                "stock=1",
                "{\"stock\":01}",
                "{\"stock\":NaN}",
                "{'stock':1}",
                "{\"stock\":1}{\"stock\":2}");
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void isABadRequestWhenItIsNotJson(String body) {
        Answer answer = shop.put("/api/products/" + product + "/stock", body);

        assertThat(answer.expect(400).header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.response().body()).doesNotContain("Exception", "dev.eventshop", "jackson");
    }

    @Test
    void isABadRequestWhenItIsNotUtf8() {
        byte[] latin1 =
                "{\"name\":\"Th\u00e9i\u00e8re\",\"price\":1,\"initialStock\":1}".getBytes(StandardCharsets.ISO_8859_1);

        shop.send("POST", "/api/products", BodyPublishers.ofByteArray(latin1)).expect(400);
    }

    @Test
    void isRefusedForBodiesThatAreNoObjects() {
        for (String body : new String[] {"[]", "17", "\"text\"", "null"}) {
            assertThat(shop.post("/api/products", body).status()).isIn(400, 422);
        }
    }

    @Test
    void isRefusedForAMalformedPrecondition() {
        expectInvalid(shop.takeStock(product, 3, "If-Match", "0"), "If-Match");
        expectInvalid(shop.takeStock(product, 3, "If-Match", "\"0"), "If-Match");
    }

    @Test
    void leavesTheMethodAndTheTypeToTheContract() {
        assertThat(shop.send("DELETE", "/api/products", BodyPublishers.noBody()).status())
                .isEqualTo(405);
        assertThat(shop.post("/api/products", "name=Teapot", "Content-Type", "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(415);
        assertThat(shop.get("/api/nothing").status()).isEqualTo(404);
    }

    private static Arguments invalid(String body, String field) {
        return Arguments.of(body, field);
    }

    private static void expectInvalid(Answer answer, String field) {
        answer.expect(422);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.json()
                        .get("errors")
                        .valueStream()
                        .map(error -> error.get("field").asString()))
                .contains(field);
        assertThat(answer.response().body()).doesNotContain("Exception", "dev.eventshop", "jackson");
    }
}
