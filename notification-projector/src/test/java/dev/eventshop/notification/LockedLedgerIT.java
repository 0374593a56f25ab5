package dev.eventshop.notification;

import static dev.eventshop.notification.RunningApplication.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestMailbox;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody has locked the ledger for longer than all attempts take, while queues that don't need it go on. */
class LockedLedgerIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private TestMailbox mailbox;
    private RunningApplication application;

    @BeforeEach
    void start() throws Exception {
        TestBroker broker = TestBroker.embedded();
        broker.purge();
        mailbox = TestMailbox.start();
        Map<String, String> settings = new HashMap<>(mailbox.springProperties());
        settings.put("spring.datasource.hikari.connection-init-sql", "set statement_timeout = '200ms'");
        settings.put("eventshop.messaging.dead-letters.rest", "100ms");
        settings.put("eventshop.messaging.attempts", "2");
        settings.put("eventshop.messaging.first-retry", "50ms");
        settings.put("eventshop.messaging.longest-retry", "100ms");
        application = new RunningApplication(broker, settings);
    }

    @AfterEach
    void stop() throws Exception {
        application.close();
        mailbox.close();
    }

    @Test
    void isNoMessagesFailure() throws Exception {
        try (Connection other = application.database().admin().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table notification.notification in access exclusive mode");
            application.publish("order.created", created(1, 1));
            application.publish("order.created", created(2, 1));
            await().during(Duration.ofSeconds(8)).atMost(LONG).untilAsserted(() -> {
                application.publish("product.stock-updated", """
                        {"productId":1,"productName":"Tea","oldStock":3,"newStock":5,"updatedAt":"2026-01-01T10:00:00Z"}""");
                assertThat(deadLetters()).isZero();
            });
            assertThat(application.stockUpdates()).isGreaterThan(10);
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(application.ledger())
                        .containsExactly(
                                "ORDER_CONFIRMATION 1 PENDING WAITING_FOR_RECIPIENT",
                                "ORDER_CONFIRMATION 2 PENDING WAITING_FOR_RECIPIENT"));
        assertThat(deadLetters()).isZero();
        assertThat(application
                        .sql
                        .sql("select count(*) from message_inbox where attempts > 0")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private int deadLetters() throws Exception {
        return application.waiting("order.created.dlq")
                + application
                        .sql
                        .sql("select count(*) from dead_letter")
                        .query(Integer.class)
                        .single();
    }
}
