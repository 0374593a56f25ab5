package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** A history without a snapshot that takes longer to read than the transaction of a command may. */
class LongHistoryIT {

    private static final int EVENTS = 200_000;

    @Test
    void isReadForASnapshotWhenACommandHasNoTimeForIt() {
        try (TestDatabase database = TestDatabase.create()) {
            int product;
            try (RunningCommandSide shop = RunningCommandSide.start(database)) {
                product = shop.product(10);
                shop.adjust(product, 1).expect(204);
                shop.adjust(product, -1).expect(204);
            }
            new StoredShop(database).repeatAdjustments(product, EVENTS);
            try (RunningCommandSide shop = RunningCommandSide.start(
                    database, "spring.datasource.hikari.connection-init-sql=set transaction_timeout = '500ms'")) {
                assertThat(shop.adjust(product, 1).expect(503).header("Retry-After"))
                        .isNotEmpty();

                await().untilAsserted(() -> assertThat(
                                shop.adjust(product, 1).expect(204).version())
                        .isEqualTo(EVENTS + 1));
            }
        }
    }
}
