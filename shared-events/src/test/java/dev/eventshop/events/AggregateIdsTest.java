package dev.eventshop.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.events.user.UserId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateIdsTest {

    @Test
    void carryTheirType() {
        assertThat(new ProductId(17)).hasToString("product-17");
        assertThat(new OrderId(17)).hasToString("order-17");
        assertThat(new UserId(Integer.MAX_VALUE)).hasToString("user-2147483647");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void arePositive(int number) {
        assertThatThrownBy(() -> new ProductId(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("product id must be positive: " + number);
        assertThatThrownBy(() -> new OrderId(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("order id must be positive: " + number);
        assertThatThrownBy(() -> new UserId(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user id must be positive: " + number);
    }
}
