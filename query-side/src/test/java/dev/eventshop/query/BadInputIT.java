package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputIT {

    private static TestDatabase database;
    private static RunningQuerySide query;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        try (EventWriter events = EventWriter.on(database)) {
            events.product(1, "Teapot", "19.90", 5);
            events.product(2, "Cup", "5.00", 5);
            events.user(7, "ada@example.com");
        }
        query = RunningQuerySide.on(database);
    }

    @AfterAll
    static void stop() {
        query.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /api/products?minStock=-1                             | minStock
                    /api/products?minStock=1.5                            | minStock
                    /api/products?minStock=many                           | minStock
                    /api/products?minStock=2147483648                     | minStock
                    /api/products?minStock=99999999999999999999           | minStock
                    /api/products?minStock=0x10                           | minStock
                    /api/products?minStock=                               | minStock
                    /api/products?sort=colour                             | sort
                    /api/products?sort=price,name                         | sort
                    /api/products?sort=--price                            | sort
                    /api/products?sort=searchName                         | sort
                    /api/products?sort=                                   | sort
                    /api/products?search=a%00b                            | search
                    /api/products?limit=0                                 | limit
                    /api/products?limit=201                               | limit
                    /api/products?limit=-5                                | limit
                    /api/products?limit=ten                               | limit
                    /api/products?cursor=x                                | cursor
                    /api/products?cursor=                                 | cursor
                    /api/products?cursor=cHJvZHVjdHM6cHJpY2UfMS4wMB8x     | cursor
                    /api/products/1/stock-history?cursor=AAAA             | cursor
                    /api/orders?userId=0                                  | userId
                    /api/orders?userId=seven                              | userId
                    /api/orders?userId=%2B7                               | userId
                    /api/orders?status=pending                            | status
                    /api/orders?status=LOST                               | status
                    /api/orders?from=yesterday                            | from
                    /api/orders?from=2026-01-01T00:00:00                  | from
                    /api/orders?from=2026-13-01                           | from
                    /api/orders?from=%2B123456789-01-01T00:00:00Z         | from
                    /api/orders?to=1767225600000                          | to
                    /api/orders?from=2026-02-01&to=2026-01-01             | to
                    /api/orders?cursor=b3JkZXJzHzEfMg                     | cursor
                    /api/users/7/orders?limit=1000                        | limit
                    /api/users/7/orders?cursor=%F0%9F%98%80               | cursor
                    /api/statistics/sales?bucket=week                     | bucket
                    /api/statistics/sales?from=2026                       | from
                    /api/statistics/sales?from=2026-02-01&to=2026-01-01   | to
                    /api/admin/replays?cursor=MQ                          | cursor
                    /api/admin/replays?limit=201                          | limit
                    /api/admin/events?type=Nonsense                       | type
                    /api/admin/events?type=                               | type
                    /api/admin/events?type=OrderCreatedEvent,OrderShipped | type
                    /api/admin/events?aggregateId=a%00b                   | aggregateId
                    /api/admin/events?from=yesterday                      | from
                    /api/admin/events?from=                               | from
                    /api/admin/events?from=1-2                            | from
                    /api/admin/events?from=1-2-3-4                        | from
                    /api/admin/events?from=1-2-99999999999999999999       | from
                    /api/admin/events?to=2026-13-01                       | to
                    /api/admin/events?to=-1-2-3                           | to
                    /api/admin/events?from=2026-02-01&to=2026-01-01       | to
                    /api/admin/events?from=1-2-4&to=1-2-3                 | to
                    /api/admin/events?order=newest                        | order
                    /api/admin/events?personalData=1                      | personalData
                    /api/admin/events?limit=201                           | limit
                    /api/admin/events?cursor=MQ                           | cursor
                    /api/admin/events?cursor=ZXZlbnRzLWRlc2MfMS0y         | cursor
                    /api/admin/events/stream?type=Nonsense                | type
                    /api/admin/events/stream?from=soon                    | from
                    /api/admin/events/stream?aggregateId=a%00b            | aggregateId
                    /api/admin/aggregates/user-7/events?order=            | order
                    /api/admin/aggregates/user-7/events?personalData=no   | personalData
                    /api/admin/aggregates/user-7/events?limit=0           | limit
                    /api/admin/aggregates/user-7/events?cursor=x          | cursor
                    """)
    void parametersAreRefusedByName(String path, String field) {
        Answer answer = query.get(path).expect(422);

        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
        assertSaysNothingOfTheInside(answer);
    }

    @Test
    void aCursorIsGoodForItsOwnListAndOrderOnly() {
        String cursor = query.get("/api/products?limit=1&sort=name").expect(200).next();

        query.get("/api/products?limit=1&sort=name&cursor=" + cursor).expect(200);
        query.get("/api/products?limit=1&sort=-name&cursor=" + cursor).expect(422);
        query.get("/api/products?limit=1&cursor=" + cursor).expect(422);
        query.get("/api/orders?cursor=" + cursor).expect(422);
        query.get("/api/products/1/stock-history?cursor=" + cursor).expect(422);
    }

    @Test
    void aSearchThatIsTooLongIsRefused() {
        query.get("/api/products?search=" + "a".repeat(201)).expect(422);
        query.get("/api/products?search=" + "a".repeat(200)).expect(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /api/products/99                 | PRODUCT_NOT_FOUND
                    /api/products/0                  | PRODUCT_NOT_FOUND
                    /api/products/-1                 | PRODUCT_NOT_FOUND
                    /api/products/abc                | PRODUCT_NOT_FOUND
                    /api/products/99999999999        | PRODUCT_NOT_FOUND
                    /api/products/99/stock-history   | PRODUCT_NOT_FOUND
                    /api/products/x/stock-history    | PRODUCT_NOT_FOUND
                    /api/orders/99                   | ORDER_NOT_FOUND
                    /api/orders/1.0                  | ORDER_NOT_FOUND
                    /api/orders/99/history           | ORDER_NOT_FOUND
                    /api/orders/%27/history          | ORDER_NOT_FOUND
                    /api/users/99                    | USER_NOT_FOUND
                    /api/users/me                    | USER_NOT_FOUND
                    /api/users/99/orders             | USER_NOT_FOUND
                    /api/users/x/orders              | USER_NOT_FOUND
                    /api/admin/replays/99            | REPLAY_NOT_FOUND
                    /api/admin/replays/latest        | REPLAY_NOT_FOUND
                    /api/admin/aggregates/user-99/events | AGGREGATE_NOT_FOUND
                    /api/admin/aggregates/7/events   | AGGREGATE_NOT_FOUND
                    /api/admin/aggregates/USER-7/events | AGGREGATE_NOT_FOUND
                    /api/nothing                     | NOT_FOUND
                    """)
    void unknownIdsAreNotFound(String path, String code) {
        Answer answer = query.get(path).expect(404);

        assertThat(answer.code()).isEqualTo(code);
        assertSaysNothingOfTheInside(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                | 422 | projection
                    {"projection":null}                                               | 422 | projection
                    {"projection":""}                                                 | 422 | projection
                    {"projection":7}                                                  | 422 | projection
                    {"projection":["order-summary"]}                                  | 422 | projection
                    {"projection":"order-summary","mode":"BESIDE"}                    | 422 | mode
                    {"projection":"order-summary","mode":"in_place"}                  | 422 | mode
                    {"projection":"order-summary","mode":""}                          | 422 | mode
                    {"projection":"order-summary","mode":1}                           | 422 | mode
                    {"projection":"order-summary","from":{"position":"1-2-3"}}        | 422 | from
                    {"projection":"order-summary","from":{"time":"2026-01-01T00:00:00Z"}} | 422 | from
                    {"projection":"order-summary","from":"1-2-3"}                     | 422 | from
                    {"projection":"sales-statistics","mode":"IN_PLACE","from":{"position":"1-2-3"}} | 422 | from
                    {"projection":"order-summary","mode":"IN_PLACE","from":"1-2-3"}   | 422 | from
                    {"projection":"order-summary","mode":"IN_PLACE","from":{}}        | 422 | from
                    {"projection":"order-summary","mode":"IN_PLACE","from":{"position":"1-2-3","time":"2026-01-01"}} | 422 | from
                    {"projection":"order-summary","mode":"IN_PLACE","from":{"position":"here"}} | 422 | from.position
                    {"projection":"order-summary","mode":"IN_PLACE","from":{"position":7}} | 422 | from.position
                    {"projection":"order-summary","mode":"IN_PLACE","from":{"time":"yesterday"}} | 422 | from.time
                    {"projection":"order-summary","mode":"IN_PLACE","from":{"time":"+99999-01-01T00:00:00Z"}} | 422 | from.time
                    {"projection":"order-summary","state":"COMPLETED"}                | 422 | state
                    {"projection":"order-summary","projection":"user-profile"}        | 400 | ''
                    {"projection":                                                    | 400 | ''
                    []                                                                | 422 | $
                    """)
    void replaysOfNothingSensibleAreRefused(String body, int status, String field) {
        Answer answer = query.post("/api/admin/replays", body).expect(status);

        if (!field.isEmpty()) {
            assertThat(answer.json().get("errors").get(0).get("field").asString())
                    .isEqualTo(field);
        }
        assertSaysNothingOfTheInside(answer);
        assertThat(query.get("/api/admin/replays").json().get("items")).isEmpty();
    }

    @Test
    void aMalformedStartOfAReplayIsInvalidWhateverTheProjection() {
        query.post(
                        "/api/admin/replays",
                        "{\"projection\":\"orders\",\"mode\":\"IN_PLACE\",\"from\":{\"position\":\"x\"}}")
                .expect(422);
    }

    @Test
    void aReplayOfAnUnknownProjectionIsNotFound() {
        for (String name :
                List.of("orders", "Order-Summary", "order_summary", "order-summary ", "x'; drop table replay; --")) {
            Answer answer = query.post("/api/admin/replays", "{\"projection\":\"" + name + "\"}")
                    .expect(404);
            assertThat(answer.code()).isEqualTo("PROJECTION_NOT_FOUND");
        }
    }

    @Test
    void otherMethodsAndMediaTypesAreRefused() {
        query.post("/api/products", "{}").expect(405);
        query.post(
                        "/api/admin/replays",
                        "projection=order-summary",
                        "Content-Type",
                        "application/x-www-form-urlencoded")
                .expect(415);
        query.get("/api/products", "Accept", "application/xml").expect(406);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    here        |          | Min-Event-Position
                    1-2         |          | Min-Event-Position
                    1-2-3-4     |          | Min-Event-Position
                    -1-2-3      |          | Min-Event-Position
                    1-2-99999999999999999999 | | Min-Event-Position
                    1-1-1       | wait=soon | Prefer
                    1-1-1       | wait=-1   | Prefer
                    """)
    void positionsThatAreNoneAreRefused(String position, String prefer, String field) {
        for (String path : List.of(
                "/api/products",
                "/api/products/1",
                "/api/products/1/stock-history",
                "/api/orders",
                "/api/orders/1",
                "/api/orders/1/history",
                "/api/users/7",
                "/api/users/7/orders",
                "/api/statistics/sales")) {
            Answer answer = query.get(
                            path, "Min-Event-Position", position, "Prefer", prefer == null ? "wait=1" : prefer)
                    .expect(422);
            assertThat(answer.json().get("errors").get(0).get("field").asString())
                    .isEqualTo(field);
        }
    }

    private static void assertSaysNothingOfTheInside(Answer answer) {
        assertThat(answer.body())
                .doesNotContainIgnoringCase("select ")
                .doesNotContain("Exception", "dev.eventshop", "org.", "java.", "\tat ");
    }
}
