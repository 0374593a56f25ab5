package dev.eventshop.events.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenInstantTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T10:00:00Z",
                "2026-03-01T10:00:00.1Z",
                "2026-03-01T10:00:00.123456Z",
                "2026-03-01T23:59:59.999999999Z",
                "2024-02-29T00:00:00.000000001Z",
                "1969-12-31T23:59:59.5Z",
                "0000-01-01T00:00:00Z",
                "2026-03-01T24:00:00Z",
                "2026-03-01T10:00:00+01:00",
                "2016-12-31T23:59:60Z",
                "2026-03-01t10:00:00z",
                "+12026-03-01T10:00:00Z"
            })
    void isWhatTheJdkReads(String text) {
        assertThat(WrittenInstant.parse(text)).isEqualTo(Instant.parse(text));
    }

    @RepeatedTest(20)
    void isWhatWasWritten() {
        Random random = new Random();
        Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));

        assertThat(WrittenInstant.parse(instant.toString())).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-02-29T10:00:00Z",
                "2026-13-01T10:00:00Z",
                "2026-03-01T10:00Z",
                "2026-03-01T25:00:00Z",
                "2026-03-01T10:60:00Z",
                "2026-03-01T10:00:61Z",
                "2026-03-01 10:00:00Z",
                "2026-03-01T10:00:00.-1Z",
                "2026-03-01T10:00:00.1234567891Z",
                "2026-03-01T10:00:0/Z",
                "٢٠٢٦-03-01T10:00:00Z"
            })
    void isRefusedWhereTheJdkRefuses(String text) {
        assertThatThrownBy(() -> Instant.parse(text)).isInstanceOf(DateTimeParseException.class);
        assertThatThrownBy(() -> WrittenInstant.parse(text)).isInstanceOf(DateTimeParseException.class);
    }
}
