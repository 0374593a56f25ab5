package dev.eventshop.query.salesstatistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.query.salesstatistics.SalesStatisticsQueryHandler.Period;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeriodTest {

    @Test
    void withoutBoundsIsAllDays() {
        assertThat(period(null, null))
                .isEqualTo(new Period("-infinity", "infinity", epoch(), epoch(), epoch(), epoch()));
    }

    @Test
    void ofWholeDaysHasNoOtherParts() {
        Period period = period("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z");

        assertThat(period.fromDay()).isEqualTo("2026-03-01");
        assertThat(period.toDay()).isEqualTo("2026-03-03");
        assertThat(period.firstFrom()).isEqualTo(period.firstTo());
        assertThat(period.lastFrom()).isEqualTo(period.lastTo());
    }

    @Test
    void cutsItsFirstAndLastDay() {
        assertThat(period("2026-03-01T12:00:00Z", "2026-03-03T06:00:00Z"))
                .isEqualTo(new Period(
                        "2026-03-02",
                        "2026-03-03",
                        Instant.parse("2026-03-01T12:00:00Z"),
                        Instant.parse("2026-03-02T00:00:00Z"),
                        Instant.parse("2026-03-03T00:00:00Z"),
                        Instant.parse("2026-03-03T06:00:00Z")));
    }

    @Test
    void withinADayHasNoWholeOne() {
        Period period = period("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z");

        assertThat(period.fromDay()).isEqualTo("infinity");
        assertThat(period.toDay()).isEqualTo("-infinity");
        assertThat(period.firstFrom()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(period.firstTo()).isEqualTo("2026-03-01T13:00:00Z");
        assertThat(period.lastFrom()).isEqualTo(period.lastTo());
    }

    private static Period period(@Nullable String from, @Nullable String to) {
        return Period.of(from == null ? null : Instant.parse(from), to == null ? null : Instant.parse(to));
    }

    private static Instant epoch() {
        return Instant.EPOCH;
    }
}
