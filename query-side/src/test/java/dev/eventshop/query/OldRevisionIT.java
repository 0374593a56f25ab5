package dev.eventshop.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An event that was stored before its form changed reaches the projection in today's form. */
class OldRevisionIT {

    private TestDatabase database;
    private EventWriter events;
    private RunningQuerySide query;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database);
    }

    @AfterEach
    void stop() {
        query.close();
        events.close();
        database.close();
    }

    @Test
    void isBroughtToTodaysOnItsWayFromTheRowToTheHandler() {
        Tables.jdbc(database).update("""
                        insert into event_store.domain_event
                            (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision, time,
                             payload, metadata)
                        values (gen_random_uuid(), 'Product', 'product-17', 0, 'ProductCreatedEvent', '1.0', now(),
                                '{"productId":17,"name":"Tea","price":12.50,"stock":40,"createdAt":"2026-03-01T09:30:15Z"}',
                                '{}')
                        """);

        Answer product = query.get("/api/products/17", "Min-Event-Position", events.last(), "Prefer", "wait=20");

        assertThat(product.expect(200).json().get("stock").intValue()).isEqualTo(40);
    }
}
