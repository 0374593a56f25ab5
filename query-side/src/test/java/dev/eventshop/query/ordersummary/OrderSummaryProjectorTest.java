package dev.eventshop.query.ordersummary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.query.projection.MissingRow;
import dev.eventshop.query.projection.SkippedEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OrderSummaryProjectorTest {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant T1 = T0.plusSeconds(1);
    private static final Instant T2 = T0.plusSeconds(2);
    private static final OrderCreatedEvent CREATED = new OrderCreatedEvent(
            17, 7, new BigDecimal("39.80"), List.of(new OrderItemEvent(3, "Teapot", 2, new BigDecimal("19.90"))), T0);
    private static final OrderStatusChangedEvent CONFIRMED =
            new OrderStatusChangedEvent(17, "PENDING", "CONFIRMED", T1);
    private static final OrderStatusChangedEvent SHIPPED = new OrderStatusChangedEvent(17, "CONFIRMED", "SHIPPED", T2);
    private static final OrderCancelledEvent CANCELLED = new OrderCancelledEvent(17, 7, "changed my mind", T2);

    private final InMemory orders = new InMemory();
    private final OrderSummaryProjector projector = new OrderSummaryProjector(orders);

    @Nested
    class FirstEvent {

        @Test
        void makesTheRowAsItWasPlaced() {
            projector.on(CREATED, 0);

            assertThat(orders.rows)
                    .containsOnly(Map.entry(
                            17,
                            new OrderSummary(
                                    17,
                                    7,
                                    "PENDING",
                                    new BigDecimal("39.80"),
                                    List.of(new OrderItem(3, "Teapot", 2, new BigDecimal("19.90"))),
                                    null,
                                    T0,
                                    T0,
                                    0)));
            assertThat(orders.timeline)
                    .containsExactly(new OrderTimelineEntry(
                            "OrderCreatedEvent", T0, Map.of("totalAmount", new BigDecimal("39.80"), "items", 1), 0));
        }
    }

    @Nested
    class LaterEvents {

        @Test
        void moveTheStatusAndTheVersion() {
            projector.on(CREATED, 0);
            projector.on(CONFIRMED, 1);
            projector.on(SHIPPED, 2);
            projector.on(new OrderStatusChangedEvent(17, "SHIPPED", "COMPLETED", T2), 3);
            projector.on(new OrderCompletedEvent(17, 7, new BigDecimal("39.80"), T2), 4);

            OrderSummary order = orders.rows.get(17);
            assertThat(order.status()).isEqualTo("COMPLETED");
            assertThat(order.version()).isEqualTo(4);
            assertThat(order.updatedAt()).isEqualTo(T2);
            assertThat(order.createdAt()).isEqualTo(T0);
            assertThat(orders.timeline).extracting(OrderTimelineEntry::version).containsExactly(0L, 1L, 2L, 3L, 4L);
        }

        @Test
        void keepTheReasonOfACancellationInWhateverOrderItsTwoEventsCome() {
            projector.on(CREATED, 0);
            projector.on(CANCELLED, 1);
            projector.on(new OrderStatusChangedEvent(17, "PENDING", "CANCELLED", T2), 2);

            assertThat(orders.rows.get(17).status()).isEqualTo("CANCELLED");
            assertThat(orders.rows.get(17).cancellationReason()).isEqualTo("changed my mind");
        }
    }

    @Nested
    class Redelivery {

        @Test
        void ofTheFirstEventDoesNotTakeTheOrderBackToItsBeginning() {
            projector.on(CREATED, 0);
            projector.on(CONFIRMED, 1);
            projector.on(CREATED, 0);

            assertThat(orders.rows.get(17).status()).isEqualTo("CONFIRMED");
            assertThat(orders.timeline).hasSize(2);
        }

        @Test
        void ofAnEventInBetweenChangesNothing() {
            projector.on(CREATED, 0);
            projector.on(CONFIRMED, 1);
            projector.on(SHIPPED, 2);
            projector.on(CONFIRMED, 1);

            assertThat(orders.rows.get(17).status()).isEqualTo("SHIPPED");
            assertThat(orders.rows.get(17).version()).isEqualTo(2);
            assertThat(orders.timeline).hasSize(3);
        }

        @Test
        void ofTheLastEventLeavesOneEntryInTheTimeline() {
            projector.on(CREATED, 0);
            projector.on(CANCELLED, 1);
            projector.on(CANCELLED, 1);

            assertThat(orders.timeline).hasSize(2);
        }
    }

    @Nested
    class Rebuild {

        @Test
        void equalsTheOriginal() {
            deliver(projector);
            InMemory again = new InMemory();
            deliver(new OrderSummaryProjector(again));

            assertThat(again.rows).isEqualTo(orders.rows);
            assertThat(again.timeline).isEqualTo(orders.timeline).hasSize(4);
        }

        private void deliver(OrderSummaryProjector to) {
            to.on(CREATED, 0);
            to.on(CONFIRMED, 1);
            to.on(new OrderStatusChangedEvent(17, "CONFIRMED", "CANCELLED", T2), 2);
            to.on(CANCELLED, 3);
        }
    }

    @Nested
    class MissingEvents {

        @Test
        void ofTheWholeOrderAreAnError() {
            assertThatThrownBy(() -> projector.on(CONFIRMED, 1))
                    .isInstanceOf(MissingRow.class)
                    .hasMessage("order_summary has no row 17 for the event with sequence number 1");
            assertThatThrownBy(() -> projector.on(CANCELLED, 1)).isInstanceOf(MissingRow.class);
            assertThatThrownBy(() -> projector.on(new OrderCompletedEvent(17, 7, new BigDecimal("39.80"), T2), 1))
                    .isInstanceOf(MissingRow.class);
            assertThat(orders.rows).isEmpty();
            assertThat(orders.timeline).isEmpty();
        }

        @Test
        void inBetweenAreAnError() {
            projector.on(CREATED, 0);

            assertThatThrownBy(() -> projector.on(SHIPPED, 2)).isInstanceOf(SkippedEvent.class);
            assertThat(orders.rows.get(17).status()).isEqualTo("PENDING");
        }
    }

    private static final class InMemory implements OrderSummaries {

        private final Map<Integer, OrderSummary> rows = new TreeMap<>();
        private final List<OrderTimelineEntry> timeline = new ArrayList<>();

        @Override
        public Optional<OrderSummary> find(int orderId) {
            return Optional.ofNullable(rows.get(orderId));
        }

        @Override
        public void put(OrderSummary order) {
            rows.put(order.orderId(), order);
        }

        @Override
        public void record(int orderId, OrderTimelineEntry entry) {
            timeline.add(entry);
        }
    }
}
