package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** An aggregate whose first event was stored before its form changed. */
class OldRevisionIT {

    private TestDatabase database;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void isLoadedFromTheOldFormAndGoesOn() {
        try (RunningCommandSide shop = RunningCommandSide.start(database)) {
            new JdbcTemplate(database.admin()).update("""
                            insert into event_store.domain_event
                                (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision,
                                 time, payload, metadata)
                            values (gen_random_uuid(), 'Product', 'product-17', 0, 'ProductCreatedEvent', '1.0', now(),
                                    '{"productId":17,"name":"Tea","price":12.50,"stock":40,"createdAt":"2026-03-01T09:30:15Z"}',
                                    '{}')
                            """);

            assertThat(shop.adjust(17, -41).expect(422).code()).isEqualTo("INSUFFICIENT_STOCK");
            assertThat(shop.adjust(17, -40).expect(204).version()).isEqualTo(1);
        }
    }
}
