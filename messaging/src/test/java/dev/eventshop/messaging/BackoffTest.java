package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 100", "2, 200", "3, 400", "4, 800", "5, 1000", "31, 1000", "2000000000, 1000"})
    void doublesUpToTheLongest(int failures, long due) {
        assertThat(backoff.after(failures)).isBetween(Duration.ofMillis(due / 2), Duration.ofMillis(due));
    }

    @Test
    void differs() {
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> backoff.after(5))
                        .distinct()
                        .count())
                .isGreaterThan(1);
    }

    @RepeatedTest(20)
    void isNeverNegative() {
        assertThat(new Backoff(Duration.ofNanos(1), Duration.ofMillis(1)).after(1))
                .isBetween(Duration.ZERO, Duration.ofMillis(1));
        assertThat(new Backoff(Duration.ofDays(10_000), Duration.ofDays(20_000)).after(30))
                .isPositive();
    }
}
