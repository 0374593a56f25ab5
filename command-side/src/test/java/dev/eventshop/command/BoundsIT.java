package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.command.CommandSideClient.Answer;
import dev.eventshop.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every bound of a request is a setting; here each is smaller than usual. */
class BoundsIT {

    private static TestDatabase database;
    private static RunningCommandSide shop;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        shop = RunningCommandSide.start(
                database,
                "eventshop.command-side.limits.items-per-order=2",
                "eventshop.command-side.limits.quantity=3",
                "eventshop.command-side.limits.name-length=5",
                "eventshop.command-side.limits.reason-length=4",
                "eventshop.command-side.limits.price=10",
                "eventshop.command-side.idempotency.key-length=6",
                "eventshop.web.max-body-size=400B");
        shop.post("/api/products", "{\"name\":\"Plate\",\"price\":10,\"initialStock\":1}", "Idempotency-Key", "sixsix")
                .expect(201);
    }

    @AfterAll
    static void stop() {
        shop.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/api/products | {'name':'Plates','price':1,'initialStock':1} | name",
                "/api/products | {'name':'Plate','price':10.01,'initialStock':1} | price",
                "/api/users | {'email':'a@example.com','fullName':'Ada Lo'} | fullName",
                "/api/products/1/stock-adjustments | {'delta':1,'reason':'fives'} | reason",
                "/api/orders/1/cancellation | {'reason':'fives'} | reason",
                "/api/orders | {'userId':1,'items':[{'productId':1,'quantity':4}]} | items[0].quantity",
                "/api/orders | {'userId':1,'items':[{'productId':1,'quantity':1},{'productId':2,'quantity':1},"
                        + "{'productId':3,'quantity':1}]} | items"
            })
    void refusesMoreByNameOfTheField(String path, String body, String field) {
        Answer answer = shop.post(path, body.replace('\'', '"')).expect(422);

        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(answer.json().at("/errors/0/message").asString()).matches(".*\\d+.*");
    }

    @Test
    void refusesALongerKey() {
        Answer answer = shop.post(
                        "/api/products",
                        "{\"name\":\"Plate\",\"price\":1,\"initialStock\":1}",
                        "Idempotency-Key",
                        "seven77")
                .expect(422);

        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("Idempotency-Key");
    }

    @Test
    void refusesALargerBody() {
        assertThat(shop.post("/api/products", " ".repeat(401)).expect(413).code())
                .isEqualTo("BODY_TOO_LARGE");
    }
}
