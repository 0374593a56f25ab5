package dev.eventshop.notification.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskedTest {

    @Test
    void showsPlainFieldsOnly() {
        assertThat(Masked.body("user.registered", "{\"userId\":7,\"email\":\"ada@example.org\"}"))
                .isEqualTo("{\"userId\":7,\"email\":\"[masked]\"}");
        assertThat(Masked.body("user.registered", "{\"userId\":{\"email\":\"ada@example.org\"}}"))
                .isEqualTo("{\"userId\":\"[masked]\"}");
    }

    @Test
    void showsNothingOfWhatIsNoObject() {
        assertThat(Masked.body("user.registered", "[\"ada@example.org\"]")).isEqualTo("[masked]");
        assertThat(Masked.body("user.registered", "ada@example.org")).isEqualTo("[masked]");
    }
}
