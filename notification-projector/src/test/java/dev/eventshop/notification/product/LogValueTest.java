package dev.eventshop.notification.product;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogValueTest {

    @Test
    void staysOneValueOnOneLine() {
        assertThat(LogValue.quoted("Trà xanh")).isEqualTo("\"Trà xanh\"");
        assertThat(LogValue.quoted("a\" newStock=9\r\nevent=fake\\")).isEqualTo("\"a\\\" newStock=9  event=fake\\\\\"");
        assertThat(LogValue.quoted("a\u2028b\u202ec\u001b[31m")).isEqualTo("\"a b c [31m\"");
        assertThat(LogValue.quoted("x".repeat(1000))).hasSize(202);
    }
}
