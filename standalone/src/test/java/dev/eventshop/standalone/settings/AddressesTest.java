package dev.eventshop.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "::, 127.0.0.1", "::1, [::1]", "10.0.0.7, 10.0.0.7", "localhost, localhost"})
    void areReachedWhereSomethingListens(String bindAddress, String host) {
        assertThat(Addresses.reachable(bindAddress)).isEqualTo(host);
    }
}
