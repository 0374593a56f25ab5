package dev.eventshop.notification.delivery.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendLimitIT {

    private final LedgerDatabase ledger = new LedgerDatabase();

    @AfterEach
    void close() {
        ledger.close();
    }

    private SendLimit of(int perMinute) {
        return new SendLimit(ledger.jdbc, perMinute);
    }

    private void passes(String interval) {
        ledger.jdbc
                .sql("UPDATE send_limit SET free_at = free_at - CAST(? AS interval)")
                .param(interval)
                .update();
    }

    @Test
    void isSharedByAllInstances() {
        assertThat(of(6).closedFor()).isZero();
        assertThat(of(6).take()).isTrue();
        assertThat(of(6).take()).isFalse();
        assertThat(of(6).closedFor()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
        passes("10 seconds");
        assertThat(of(6).closedFor()).isZero();
        assertThat(of(6).take()).isTrue();
    }

    /** Nothing is saved up: after a quiet hour, a minute has no more than any other. */
    @Test
    void countsFromEachEmail() {
        passes("1 hour");
        assertThat(of(60).take()).isTrue();
        assertThat(of(60).take()).isFalse();
    }

    @Test
    void costsNothingWhenThereIsNone() {
        long before = ledger.statements();
        assertThat(of(0).take()).isTrue();
        assertThat(of(0).take()).isTrue();
        assertThat(of(0).closedFor()).isZero();
        assertThat(ledger.statements()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 60_001})
    void isRefusedWhenItIsNone(int perMinute) {
        assertThatThrownBy(() -> of(perMinute)).hasMessageContaining("eventshop.notification.sends-per-minute");
    }
}
