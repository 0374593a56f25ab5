package dev.eventshop.standalone.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventFieldsTest {

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }

    @Test
    void areRightWhenAllAreThereAndNoOther() {
        assertThat(EventFields.difference("OrderCreatedEvent", json("""
                                {"orderId":1,"userId":2,"totalAmount":3.00,"items":[
                                {"productId":4,"productName":"Tea","quantity":1,"unitPrice":3.00}],
                                "createdAt":"2026-01-01T00:00:00Z"}"""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"userId\":1,\"email\":\"e\",\"fullName\":\"f\"}",
                "{\"userId\":1,\"email\":\"e\",\"fullName\":\"f\",\"registeredAt\":\"t\",\"more\":1}",
                "{\"UserId\":1,\"email\":\"e\",\"fullName\":\"f\",\"registeredAt\":\"t\"}",
                "{}"
            })
    void areWrongWhenOneIsMissingOrTooMany(String body) {
        assertThat(EventFields.difference("UserRegisteredEvent", json(body)))
                .get()
                .asString()
                .contains("has the fields")
                .contains("registeredAt");
    }

    @Test
    void areWrongWhenAnItemsAre() {
        assertThat(EventFields.difference("OrderCreatedEvent", json("""
                                {"orderId":1,"userId":2,"totalAmount":3.00,"items":[{"productId":4}],"createdAt":"t"}""")))
                .get()
                .asString()
                .contains("has an item with the fields [productId]");
    }
}
