package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A search for few of many events pauses, and goes on with the next page. */
class StoredEventSearchIT {

    private static final String ERASED = "/api/admin/events?type=UserPersonalDataErasedEvent&limit=5&order=";

    @Test
    void leadsOnThoughNothingWasFoundInTheTimeOfOneCall() {
        try (TestDatabase database = TestDatabase.create();
                EventWriter events = EventWriter.on(database);
                RunningQuerySide shop = RunningQuerySide.on(database, "eventshop.query.longest-search=0s")) {
            events.eraseUser(1);
            events.placeMany(1, 20_010); // more than one step looks at
            events.eraseUser(2);
            await().until(() -> events.log().head().toString().equals(events.last()));

            assertThat(walk(shop, ERASED + "desc")).containsExactly("user-2", "", "user-1");
            assertThat(walk(shop, ERASED + "asc")).containsExactly("user-1", "", "user-2");
        }
    }

    /** @return the aggregates on each page, with an empty text between pages */
    private static List<String> walk(RunningQuerySide shop, String path) {
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            Answer page =
                    shop.get(path + (cursor == null ? "" : "&cursor=" + cursor)).expect(200);
            page.json()
                    .get("items")
                    .forEach(item -> found.add(item.get("aggregateId").asString()));
            cursor = page.next();
            if (cursor != null) {
                found.add("");
            }
        } while (cursor != null);
        return found;
    }
}
