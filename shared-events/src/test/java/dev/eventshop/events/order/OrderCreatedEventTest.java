package dev.eventshop.events.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderCreatedEventTest {

    @Test
    void keepsItemsOfItsOwnThatNobodyChanges() {
        OrderItemEvent item = new OrderItemEvent(17, "Cup", 1, new BigDecimal("12.50"));
        List<OrderItemEvent> items = new ArrayList<>(List.of(item));
        OrderCreatedEvent event =
                new OrderCreatedEvent(5, 3, new BigDecimal("12.50"), items, Instant.parse("2026-03-01T09:30:00Z"));

        items.clear();

        assertThat(event.items()).containsExactly(item);
        assertThatThrownBy(() -> event.items().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
