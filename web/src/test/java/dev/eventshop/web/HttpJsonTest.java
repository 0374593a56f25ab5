package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpJsonTest {

    private final HttpJson json = new HttpJson();

    private BigDecimal read(String number) {
        return json.mapper().readValue(number, BigDecimal.class);
    }

    @ParameterizedTest
    @CsvSource({"1.50,1.50", "-0.01,-0.01", "1e2,100", "1E+2,100", "0e5,0", "0.00,0.00", "12e-1,1.2"})
    void readsAmountsExactly(String text, String number) {
        assertThat(read(text)).isEqualTo(new BigDecimal(number));
    }

    @Test
    void readsUpTo38Digits() {
        assertThat(read("9".repeat(38))).isEqualTo(new BigDecimal("9".repeat(38)));
        assertThatThrownBy(() -> read("9".repeat(39))).isInstanceOf(HttpJson.RefusedValue.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e38", "1e-39", "1e1000000000", "1e-1000000000", "0e1000000000", "1e99999999999"})
    @Timeout(value = 1, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesExponentsThatWouldBecomeZeros(String number) {
        assertThatThrownBy(() -> read(number)).isInstanceOf(HttpJson.RefusedValue.class);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesAMillionDigitsWithoutReadingThemAsANumber() {
        assertThatThrownBy(() -> read("9".repeat(1_000_000))).isInstanceOf(HttpJson.RefusedValue.class);
        assertThatThrownBy(() -> json.mapper().readValue("9".repeat(1_000_000), Integer.class))
                .hasMessageContaining("out of range");
    }
}
