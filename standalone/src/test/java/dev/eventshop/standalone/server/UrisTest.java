package dev.eventshop.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class UrisTest {

    @Test
    void hideNothingOfAPasswordWithSpecialCharacters() {
        String userInfo = Uris.userInfo("a user", "p@ss/w:rd +%");
        assertThat(userInfo).isEqualTo("a%20user:p%40ss%2Fw%3Ard%20%2B%25@");
        assertThat(URI.create("amqp://" + userInfo + "host:1").getUserInfo()).isEqualTo("a user:p@ss/w:rd +%");
    }

    @Test
    void haveNoPasswordWhenThereIsNone() {
        assertThat(Uris.userInfo("user", "")).isEqualTo("user@");
        assertThat(Uris.userInfo("", "")).isEmpty();
    }

    @Test
    void haveAddressesOfIpv6InBrackets() {
        assertThat(Uris.host("::1")).isEqualTo("[::1]");
        assertThat(Uris.host("[::1]")).isEqualTo("[::1]");
        assertThat(Uris.host("host")).isEqualTo("host");
    }
}
