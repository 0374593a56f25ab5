package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LoggedTraceTest {

    @Test
    void countsUntilItsEndAndHidesTheOuterOne() {
        LoggedTrace outer = LoggedTrace.of("outer");
        try (outer) {
            LoggedTrace inner = LoggedTrace.of("inner");
            try (inner) {
                assertThat(MDC.get("traceId")).isEqualTo("inner");
            }
            LoggedTrace none = LoggedTrace.of(null);
            try (none) {
                assertThat(MDC.get("traceId")).isNull();
            }
            assertThat(MDC.get("traceId")).isEqualTo("outer");
        }
        assertThat(MDC.get("traceId")).isNull();
    }
}
