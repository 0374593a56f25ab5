package dev.eventshop.command.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.eventshop.web.DegradingHealth;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.dao.DataAccessResourceFailureException;

class FulfilmentHealthIndicatorTest {

    @Test
    void isDegradedWhileTheDatabaseDoesNotTell() {
        FulfilmentMonitor monitor = mock();
        when(monitor.status()).thenThrow(new DataAccessResourceFailureException("away"));

        Health health = new FulfilmentHealthIndicator(monitor, Duration.ofMinutes(1)).health();

        assertThat(health.getStatus()).isEqualTo(DegradingHealth.DEGRADED);
        assertThat(health.getDetails().get("error")).asString().contains("away");
    }
}
