package dev.eventshop.command.currency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShopCurrencyTest {

    @ParameterizedTest
    @CsvSource({
        "USD, 19.9, 19.90",
        "USD, 19.900000, 19.90",
        "USD, 2e1, 20.00",
        "USD, 0, 0.00",
        "USD, 0e-300, 0.00",
        "JPY, 100.00, 100",
        "JPY, 1E+2, 100",
        "BHD, 1.5, 1.500"
    })
    void givesAmountsItsScale(String code, BigDecimal amount, String expected) {
        ShopCurrency currency = new ShopCurrency(code);

        assertThat(currency.canExpress(amount)).isTrue();
        assertThat(currency.normalised(amount).toPlainString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"USD, 19.999", "USD, 1e-1000000", "JPY, 0.5", "BHD, 0.0001"})
    void cannotExpressMoreDecimals(String code, BigDecimal amount) {
        assertThat(new ShopCurrency(code).canExpress(amount)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "usd", "DOLLAR", "XXX", "XAU"})
    void isRefusedWhenNothingCanBePaidInIt(String code) {
        assertThatThrownBy(() -> new ShopCurrency(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eventshop.currency")
                .hasNoCause(); // the innermost message is what a person gets to see
    }

    @Test
    void tellsItsCode() {
        assertThat(new ShopCurrency("EUR").code()).isEqualTo("EUR");
    }
}
