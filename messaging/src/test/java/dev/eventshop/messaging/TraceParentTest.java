package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @Test
    void namesItsTrace() {
        assertThat(TraceParent.traceId("00-" + TRACE + "-" + PARENT + "-01")).isEqualTo(TRACE);
        assertThat(TraceParent.traceId("00-" + TRACE + "-" + PARENT)).isNull();
        assertThat(TraceParent.traceId(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-" + TRACE + "-" + PARENT + "-01",
                "00-" + TRACE + "-" + PARENT + "-ff",
                "cc-" + TRACE + "-" + PARENT + "-01-what-comes-later"
            })
    void continuesTheTraceWithASpanOfItsOwn(String header) {
        assertThat(TraceParent.continuing(header))
                .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
                .doesNotContain(PARENT);
    }

    @Test
    void isNotSampledWhereTheClientDoesNotSample() {
        assertThat(TraceParent.continuing("00-" + TRACE + "-" + PARENT + "-00")).endsWith("-00");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-" + PARENT
            })
    void beginsATraceWhereThereIsNone(String header) {
        String first = TraceParent.continuing(header);

        assertThat(first).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00").doesNotContain(TRACE);
        assertThat(TraceParent.continuing(header)).isNotEqualTo(first);
    }
}
