package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAfterTest {

    @Test
    void needNotWaitWithoutAPosition() {
        assertThat(ReadAfter.parse(null, null)).isEqualTo(new ReadAfter(null, Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=7 | 7",
                "WAIT=7 | 7",
                "wait = 7 | 7",
                "wait=\"7\" | 7",
                "wait=7; foo=bar | 7",
                "respond-async, wait=7 | 7",
                "wait=7, wait=9 | 7",
                "wait=0 | 0",
                "wait=61 | 60",
                "wait=999999999 | 60",
                "waiting=3 | 5",
                "respond-async | 5"
            })
    void waitsAsLongAsPreferred(String prefer, long seconds) {
        assertThat(ReadAfter.parse("1-2-3", prefer)).isEqualTo(new ReadAfter("1-2-3", Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "wait=1s", "wait=99999999999"})
    void isRefusedWhenTheWaitIsNoNumberOfSeconds(String prefer) {
        assertThatThrownBy(() -> ReadAfter.parse("1-2-3", prefer)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void isRefusedWithoutAPositionInTheHeader(String position) {
        assertThatThrownBy(() -> ReadAfter.parse(position, null)).isInstanceOf(ProblemException.class);
    }
}
