package dev.eventshop.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

    @Test
    void isAboveWhatAwaitilityHasByItself() {
        assertThatThrownBy(() -> await().atLeast(Duration.ofSeconds(59)).until(() -> true))
                .hasMessageContaining("earlier than expected");
    }
}
