package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RetryPolicyTest {

    private static MessagingProperties properties(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("eventshop.messaging", MessagingProperties.class);
    }

    @Test
    void isTheSameForAllQueuesByDefault() {
        RetryPolicy policy = properties(Map.of()).retryPolicy("order.created");
        assertThat(policy)
                .isEqualTo(new RetryPolicy(5, new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30)), Set.of()));
    }

    @Test
    void isAQueuesOwnWhereItSaysSo() {
        MessagingProperties properties = properties(Map.of(
                "eventshop.messaging.attempts", "7",
                "eventshop.messaging.permanent-errors", "a.Broken",
                "eventshop.messaging.queues[order.created].first-retry", "2s",
                "eventshop.messaging.queues[user.registered].attempts", "1",
                "eventshop.messaging.queues[user.registered].permanent-errors", "b.Broken,c.Broken"));
        assertThat(properties.retryPolicy("order.created"))
                .isEqualTo(new RetryPolicy(
                        7, new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(30)), Set.of("a.Broken")));
        assertThat(properties.retryPolicy("user.registered"))
                .isEqualTo(new RetryPolicy(
                        1,
                        new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30)),
                        Set.of("b.Broken", "c.Broken")));
    }

    @Test
    void hasAtLeastOneAttempt() {
        assertThatThrownBy(() -> properties(Map.of("eventshop.messaging.queues[order.created].attempts", "0")))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("queues[].attempts must be positive");
    }
}
