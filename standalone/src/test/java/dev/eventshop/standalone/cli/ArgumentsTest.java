package dev.eventshop.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void startWhenThereAreNone() {
        assertThat(Arguments.of().command()).containsExactly("start");
    }

    @Test
    void startWhenTheyBeginWithAnOption() {
        assertThat(Arguments.of("--data", "x", "--demo").command()).containsExactly("start", "--data", "x", "--demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "test-events", "start", "nonsense", "--help", "-h", "--version", "-V"})
    void areLeftAsTheyAreWhenTheyNameACommandOrAskForHelp(String first) {
        assertThat(Arguments.of(first, "--data", "x").command()).containsExactly(first, "--data", "x");
    }

    @Test
    void areSettingsWhenTheirNameHasADot() {
        Arguments arguments = Arguments.of(
                "start",
                "--spring.datasource.url=jdbc:postgresql://db/shop?a=b",
                "--demo",
                "--eventshop.currency=EUR",
                "--data=my.folder",
                "--eventshop.empty=");

        assertThat(arguments.command()).containsExactly("start", "--demo", "--data=my.folder");
        assertThat(arguments.settings())
                .containsExactly(
                        "--spring.datasource.url=jdbc:postgresql://db/shop?a=b",
                        "--eventshop.currency=EUR",
                        "--eventshop.empty=");
    }

    @Test
    void areNoSettingsWithoutAValue() {
        assertThat(Arguments.of("--eventshop.currency").settings()).isEmpty();
    }

    @Test
    void startWithNothingButSettings() {
        assertThat(Arguments.of("--eventshop.currency=EUR").command()).containsExactly("start");
    }
}
