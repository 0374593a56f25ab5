package dev.eventshop.query.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsoleSettingsTest {

    private static ConsoleSettings with(@Nullable URI issuer) {
        return ConsoleSettings.of(
                new ConsoleProperties(
                        true,
                        URI.create("https://shop.example.org/commands/"),
                        null,
                        URI.create("https://mails.example.org"),
                        new ConsoleProperties.Management(null, null, null),
                        issuer,
                        "eventshop-console",
                        "openid"),
                "https://id.example.org/",
                "USD");
    }

    @Test
    void nameTheIssuerAsItNamesItself() {
        assertThat(with(null).issuer()).isEqualTo("https://id.example.org/");
        assertThat(with(URI.create("https://people.example.org/")).issuer()).isEqualTo("https://people.example.org/");
    }

    @Test
    void nameTheServicesWithoutASlashAtTheEnd() {
        assertThat(with(null).services().commandSide()).isEqualTo("https://shop.example.org/commands");
    }

    @Test
    void letThePagesCallTheIssuer() {
        assertThat(with(null).origins())
                .containsExactly("https://id.example.org", "https://mails.example.org", "https://shop.example.org");
    }
}
