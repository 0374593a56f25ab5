package dev.eventshop.query.ordersummary;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderChangesTest {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
    private static final OrderItem ITEM = new OrderItem(1, "Tea", 2, new BigDecimal("5.00"));

    private static final List<OrderTimelineEntry> TIMELINE = List.of(
            new OrderTimelineEntry("OrderCreatedEvent", T0, Map.of(), 0),
            moved("PENDING", "CONFIRMED", 1),
            moved("CONFIRMED", "SHIPPED", 2),
            moved("SHIPPED", "COMPLETED", 3),
            new OrderTimelineEntry("OrderCompletedEvent", T0.plusSeconds(3), Map.of(), 4));

    private static OrderTimelineEntry moved(String from, String to, long version) {
        return new OrderTimelineEntry(
                "OrderStatusChangedEvent",
                T0.plusSeconds(version),
                Map.of("oldStatus", from, "newStatus", to),
                version);
    }

    private static OrderSummary order(String status, Instant at, long version) {
        return new OrderSummary(1, 7, status, new BigDecimal("10.00"), List.of(ITEM), null, T0, at, version);
    }

    private static final OrderSummary COMPLETED = order("COMPLETED", T0.plusSeconds(3), 4);

    @Test
    void areEachAsTheOrderWasThen() {
        assertThat(OrderChanges.since(COMPLETED, TIMELINE, 0))
                .containsExactly(
                        order("CONFIRMED", T0.plusSeconds(1), 1), order("SHIPPED", T0.plusSeconds(2), 2), COMPLETED);
    }

    @Test
    void knowTheStatusOfAChangeThatIsKnown() {
        assertThat(OrderChanges.since(COMPLETED, TIMELINE, 1))
                .containsExactly(order("SHIPPED", T0.plusSeconds(2), 2), COMPLETED);
    }

    @Test
    void areTheOrderAsItIsForWhoKnowsNothing() {
        assertThat(OrderChanges.since(COMPLETED, TIMELINE, -1)).containsExactly(COMPLETED);
    }

    @Test
    void areNoneForWhoKnowsAllOrMore() {
        assertThat(OrderChanges.since(COMPLETED, TIMELINE, 4)).isEmpty();
        assertThat(OrderChanges.since(COMPLETED, TIMELINE, 9)).isEmpty();
    }

    @Test
    void endWithTheOrderWhateverTheTimelineSays() {
        assertThat(OrderChanges.since(COMPLETED, List.of(), 0)).containsExactly(COMPLETED);
        OrderSummary confirmed = order("CONFIRMED", T0.plusSeconds(1), 1);
        assertThat(OrderChanges.since(confirmed, TIMELINE, 0)).containsExactly(confirmed);
    }
}
