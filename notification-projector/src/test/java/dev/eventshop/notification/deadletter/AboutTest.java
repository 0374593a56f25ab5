package dev.eventshop.notification.deadletter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AboutTest {

    private static About about(String queue, String body) {
        return About.of(
                new ParkedMessage(queue, new AMQP.BasicProperties.Builder().build(), body.getBytes(ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"userId\":7}",
                "{\"a\":{\"userId\":8},\"userId\":7,\"b\":[",
                "{\"userId\":7,\"userId\":7}",
                "{\"userId\":7,\"fullName\":\"\u00C4nn\"}",
                "{\"userId\":7,\"email\":\"cut o"
            })
    void isThePersonWhomItNames(String body) {
        About about = about("order.created", body);
        assertThat(about.person()).contains("user-7");
        assertThat(about.anybody()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "{\"email\":\"ann",
                "{\"userId\":7,\"userId\":8}",
                "[{\"userId\":7}]",
                "{\"orderId\":7,\"email\":\"ann\"}",
                "{} {}",
                "{\"a\":\"\u00C4\"}"
            })
    void isAnybodyWhereThatCantBeTold(String body) {
        About about = about("order.created", body);
        assertThat(about.person()).isEmpty();
        assertThat(about.anybody()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"orderId\":7}", "{\"userId\":-7}", "{\"userId\":\"7\"}", "{\"userId\":99999999999}"})
    void isNobodyWhereItTellsOfNoPersons(String body) {
        About about = about("order.created", body);
        assertThat(about.person()).isEmpty();
        assertThat(about.anybody()).isFalse();
    }

    @Test
    void isAnybodyWhereItsKindTellsOfPersons() {
        assertThat(about("user.registered", "{}").anybody()).isTrue();
        assertThat(about("user.registered", "{\"registeredAt\":1}").anybody()).isTrue();
        assertThat(about("of nobody", "{}").anybody()).isTrue();
    }
}
