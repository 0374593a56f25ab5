package dev.eventshop.notification.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderStatus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequiredTest {

    @Test
    void takesWhatTheContractAllows() {
        Required.positive("orderId", 1);
        Required.notNegative("newStock", 0);
        Required.present("totalAmount", 1);
        Required.noneMissing("items", List.of(1));
        Required.text("reason", "x".repeat(10_000));
        assertThat(Required.constant("newStatus", OrderStatus.class, "SHIPPED")).isEqualTo(OrderStatus.SHIPPED);
    }

    @Test
    void refusesWhatItDoesNot() {
        refuses(() -> Required.positive("orderId", 0), "orderId must be positive, is 0");
        refuses(() -> Required.notNegative("newStock", -1), "newStock must not be negative, is -1");
        refuses(() -> Required.present("totalAmount", null), "totalAmount is missing");
        refuses(() -> Required.noneMissing("items", null), "items is missing or empty");
        refuses(() -> Required.noneMissing("items", List.of()), "items is missing or empty");
        refuses(() -> Required.noneMissing("items", Arrays.asList(1, null)), "items has a gap");
        refuses(() -> Required.text("reason", null), "reason is missing or blank");
        refuses(() -> Required.text("reason", " \n"), "reason is missing or blank");
        refuses(() -> Required.text("reason", "a\0b"), "reason contains a null character");
        refuses(() -> Required.text("reason", "x".repeat(10_001)), "reason is longer than 10000 characters");
        refuses(
                () -> Required.constant("newStatus", OrderStatus.class, "shipped"),
                "newStatus is none of the contract's values");
        refuses(
                () -> Required.constant("newStatus", OrderStatus.class, null),
                "newStatus is none of the contract's values");
    }

    private static void refuses(Runnable check, String message) {
        assertThatThrownBy(check::run).isInstanceOf(InvalidMessage.class).hasMessage(message);
    }
}
