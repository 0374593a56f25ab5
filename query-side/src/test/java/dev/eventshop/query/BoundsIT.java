package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import org.junit.jupiter.api.Test;

/** Bounds of reads are settings; those of streams and of waiting reads have tests of their own. */
class BoundsIT {

    @Test
    void refuseMoreByNameOfTheParameter() {
        try (TestDatabase database = TestDatabase.create();
                EventWriter events = EventWriter.on(database);
                RunningQuerySide shop = RunningQuerySide.on(
                        database, "eventshop.web.max-page-size=3", "eventshop.query.search-length=4")) {
            for (int i = 1; i <= 5; i++) {
                events.product(i, "Tea", "1.00", 1);
            }
            assertThat(shop.get("/api/products", "Min-Event-Position", events.last())
                            .expect(200)
                            .json()
                            .path("items"))
                    .hasSize(3);
            shop.get("/api/products?limit=3&search=four").expect(200);

            assertInvalid(shop.get("/api/products?limit=4"), "limit");
            assertInvalid(shop.get("/api/products?search=fives"), "search");
        }
    }

    private static void assertInvalid(RunningQuerySide.Answer answer, String field) {
        assertThat(answer.expect(422).json().at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(answer.json().at("/errors/0/message").asString()).matches(".*\\d+.*");
    }
}
