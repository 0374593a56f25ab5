package dev.eventshop.command.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.com",
                "ADA.Lovelace+shop@Mail.Example.CO.UK",
                "o'neil_1@example-shop.com",
                "a@b.io",
                "x@xn--bcher-kva.example"
            })
    void accepts(String text) {
        assertThat(new EmailAddress(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ada",
                "@example.com",
                "ada@",
                "ada@localhost",
                "ada@example",
                "ada@@example.com",
                "ada@example..com",
                ".ada@example.com",
                "ada.@example.com",
                "a..da@example.com",
                "ada@-example.com",
                "ada@example-.com",
                "ada@example.com.",
                "ada@127.0.0.1",
                "ada@[127.0.0.1]",
                "\"ada\"@example.com",
                "ada lovelace@example.com",
                " ada@example.com",
                "ada@example.com ",
                "ada@example.com\n",
                "ada@example.com\r\nBcc: all@example.com",
                "ada\u0000@example.com",
                "ada@example.com,eve@example.com",
                "Ada <ada@example.com>",
                "\u00e0da@example.com",
                "ada@b\u00fccher.example",
                "\u212aate@example.com"
            })
    void refuses(String text) {
        assertThat(EmailAddress.isValid(text)).isFalse();
        assertThatThrownBy(() -> new EmailAddress(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isAsLongAsAnSmtpPathAllows() {
        String domain = ("d".repeat(63) + ".").repeat(2) + "d".repeat(57) + ".com";
        assertThat(EmailAddress.isValid("a".repeat(64) + "@" + domain)).isTrue();
        assertThat(EmailAddress.isValid("a".repeat(64) + "@d" + domain)).isFalse();
        assertThat(EmailAddress.isValid("a".repeat(65) + "@example.com")).isFalse();
    }

    @Test
    void hasOneKeyForUpperAndLowerCaseInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(new EmailAddress("INFO@EXAMPLE.COM").key()).isEqualTo("info@example.com");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void keepsTheAddressOutOfMessages() {
        assertThat(new EmailAddress("ada@example.com").toString()).doesNotContain("ada");
    }

    @Test
    void isRefusedInLinearTime() {
        assertThat(EmailAddress.isValid("a.".repeat(30) + "a@" + "a".repeat(180) + "!"))
                .isFalse();
    }
}
