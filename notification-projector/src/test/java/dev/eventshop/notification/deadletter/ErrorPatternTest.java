package dev.eventshop.notification.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorPatternTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "userId must be positive, is -17 | userId must be positive, is #",
                "1,234.50 of 2026-01-31T10:15:30.5Z | # of ###T#Z",
                "order 0198f1c2-7a5e-7d10-9c1b-3f2a6f0e4b11 is late | order # is late",
                "the type is \"Ada Lovelace\" and not x | the type is ?",
                "it can't be what 'Ada O'Neil' sent | it can't be what ?",
                "cut off in \"Ada Love | cut off in ?",
                "Key (email)=(Ada) already exists | Key (email)?",
                "sent by ada@example.org, twice | sent by ? twice",
            })
    void leavesOutWhatMayComeFromAMessage(String error, String pattern) {
        assertThat(ErrorPattern.of(error)).isEqualTo(pattern);
    }

    @Test
    void canBeStored() {
        assertThat(ErrorPattern.of("a\0b\nc\uD800d")).isEqualTo("a?b?c?d");
        assertThat(ErrorPattern.of("x".repeat(1000))).hasSize(300);
        assertThat(ErrorPattern.of(null)).isEmpty();
    }
}
